import { runCli } from "../../src/cli/run.js";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Processor seconds of this process: program, proxy and tenant together. */
  readonly cpuSeconds: number;
  /** It had to be interrupted. */
  readonly endless: boolean;
}

/** A run that has not ended by itself after this many milliseconds is interrupted; a loaded machine needs seconds for an honest one. */
const PATIENCE = 120_000;

/** Runs a command line of the program in this process, its network through `proxy`; what it prints is kept. One at a time. */
export async function program(argv: readonly string[], proxy: string): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const kept = {
    out: process.stdout.write.bind(process.stdout),
    err: process.stderr.write.bind(process.stderr),
    env: { ...process.env },
  };
  const listening = process.stdout.listeners("error");
  const keep = (name: "stdout" | "stderr") =>
    function write(chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean {
      texts[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      const done = rest.find((each): each is () => void => typeof each === "function");
      done?.();
      return true;
    };
  const through = { HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: "", NO_PROXY: "", no_proxy: "", NO_COLOR: "1" };
  Object.assign(process.env, through);
  process.stdout.write = keep("stdout");
  process.stderr.write = keep("stderr");
  let endless = false;
  const watchdog = setTimeout(() => {
    endless = true;
    process.emit("SIGINT");
  }, PATIENCE);
  const started = process.cpuUsage();
  try {
    const code = await runCli(argv);
    const { user, system } = process.cpuUsage(started);
    return { code, ...texts, endless, cpuSeconds: (user + system) / 1_000_000 };
  } finally {
    clearTimeout(watchdog);
    process.stdout.write = kept.out;
    process.stderr.write = kept.err;
    process.env = kept.env;
    for (const each of process.stdout.listeners("error")) {
      if (!listening.includes(each)) process.stdout.off("error", each as () => void);
    }
  }
}
