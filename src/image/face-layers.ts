/** What is read of a network's file (tensorflow/core/framework/graph.proto as JSON, and the list of its weights). */
export interface Topology {
  readonly modelTopology: { readonly node: readonly GraphNode[] };
  readonly weightsManifest: readonly [{ readonly weights: readonly WeightSpec[] }];
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: {
    readonly strides?: { readonly list: { readonly i: readonly string[] } };
    readonly fused_ops?: { readonly list: { readonly s: readonly string[] } };
  };
}

/** Weights of all output channels for each number that goes in, and a bias for each. */
export interface Dense {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly channels: number;
}

/** 3x3 pixels of each channel by itself, then all channels of a pixel; what went in is added, but for the last block. */
export interface Block {
  readonly stride: 1 | 2;
  /** Nine rows of all channels. */
  readonly depthwise: Float32Array;
  readonly dense: Dense;
  readonly adds: boolean;
}

/** The layers of BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047, section 3) in the order in which they are worked out. */
export interface Layers {
  /** 5x5 pixels, every second. */
  readonly stem: Dense;
  readonly blocks: readonly Block[];
  /** Each with the number of blocks before it. */
  readonly heads: readonly { readonly after: number; readonly dense: Dense }[];
}

/** Finds the layers in the graph. Throws an Error for any other network. */
export function layersOf({ modelTopology, weightsManifest }: Topology, bytes: Buffer): Layers {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  const tensors = tensorsOf(weightsManifest[0].weights, bytes);

  function node(name: string | undefined, ...ops: readonly string[]): GraphNode {
    const found = nodes.get(name ?? "");
    if (found === undefined || !ops.includes(found.op))
      throw new Error(`${name ?? "a layer"} is no ${ops.join(" or ")}`);
    return found;
  }

  function tensor(name: string | undefined): Float32Array {
    const found = tensors.get(name ?? "");
    if (found === undefined) throw new Error(`there are no weights ${name ?? ""}`);
    return found;
  }

  function dense({ input = [] }: GraphNode): Dense {
    const bias = tensor(input[2]);
    return { weights: tensor(input[1]), bias, channels: bias.length };
  }

  function input(found: GraphNode | undefined, at = 0): GraphNode | undefined {
    return nodes.get(found?.input?.[at] ?? "");
  }

  function isPointwise(found: GraphNode | undefined): boolean {
    return found?.op === "_FusedConv2D" && input(found)?.op === "DepthwiseConv2dNative";
  }

  /** The block whose answer has this name and the name of what goes into it; null: the stem answers that. */
  function blockBefore(name: string): { readonly block: Block; readonly before: string } | null {
    const last = node(name, "Relu", "_FusedConv2D");
    if (last.op !== "Relu" && !isRectified(last)) throw new Error(`${name} ends with something else`);
    if (input(last)?.op === "Placeholder") return null;
    const sum = last.op === "Relu" ? node(last.input?.[0], "AddV2") : null;
    const parts = sum === null ? [last] : [input(sum, 0), input(sum, 1)];
    const pointwise = node(parts.find(isPointwise)?.name, "_FusedConv2D");
    const depthwise = node(pointwise.input?.[0], "DepthwiseConv2dNative");
    const [before = "", rows] = depthwise.input ?? [];
    const common = { depthwise: tensor(rows), dense: dense(pointwise), adds: sum !== null };
    return { block: { stride: strideOf(depthwise), ...common }, before };
  }

  const heads = modelTopology.node
    .filter(({ op }) => op === "Reshape")
    .map(({ input }) => node(input?.[0], "_FusedConv2D"));
  const chains = heads.map((head) => {
    const blocks: Block[] = [];
    const names: string[] = [];
    let name = head.input?.[0] ?? "";
    for (let found = blockBefore(name); found !== null; found = blockBefore(name)) {
      blocks.unshift(found.block);
      names.unshift(name);
      name = found.before;
    }
    return { blocks, stem: name, dense: dense(head) };
  });
  const [longest] = chains.sort((a, b) => b.blocks.length - a.blocks.length);
  if (longest === undefined) throw new Error("the network has no answer");
  return {
    stem: dense(node(longest.stem, "_FusedConv2D")),
    blocks: longest.blocks,
    heads: chains.map((chain) => ({ after: chain.blocks.length, dense: chain.dense })),
  };
}

/** "Relu" among what is worked out with the sums. Bytes are base64 in the file. */
function isRectified({ attr }: GraphNode): boolean {
  return attr?.fused_ops?.list.s.some((op) => Buffer.from(op, "base64").toString() === "Relu") === true;
}

function strideOf({ attr }: GraphNode): 1 | 2 {
  return attr?.strides?.list.i[1] === "2" ? 2 : 1;
}

/** All of them have four bytes a number. */
function tensorsOf(specs: readonly WeightSpec[], bytes: Buffer): ReadonlyMap<string, Float32Array> {
  let at = 0;
  return new Map(
    specs.map(({ name, shape }) => {
      const length = shape.reduce((product, side) => product * side, 1);
      const values = new Float32Array(length);
      for (let i = 0; i < length; i++) values[i] = bytes.readFloatLE(at + 4 * i);
      at += 4 * length;
      return [name, values];
    }),
  );
}
