// Asks a server often enough for its answers' parser to be hot, and codes pictures: what V8 optimises of both is printed by --trace-wasm-compilation-times.
import { createServer } from "node:http";
import { request } from "undici";
import { settleHeap } from "../../dist/cli/heap.js";
import { PLANES } from "../../dist/state/pixels/pixel-code.js";
import { codePlanes } from "../../dist/state/pixels/planes.js";

settleHeap();
const server = createServer((_, answer) => {
  answer.setHeader("x-padding", "a".repeat(3_000));
  answer.end("x".repeat(5_000));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
for (let i = 0; i < 300; i++) {
  const { body } = await request(`http://127.0.0.1:${server.address().port}`);
  await body.text();
}
server.close();
for (let i = 0; i < 400; i++) {
  codePlanes([{ plane: PLANES.luma, pixels: Uint8Array.from({ length: 4_096 }, (_, at) => (at * i) % 251) }]);
}
