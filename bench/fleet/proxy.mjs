/** A way to the database that can be cut as a network is cut. */
import { createServer, connect } from "node:net";

/** Opens a TCP proxy on loopback to the server of a `postgres://` address; `url` leads through it. */
export async function openProxy(url) {
  const target = new URL(url);
  const pairs = new Set();
  let stalled = false;
  let refusing = false;
  const server = createServer((near) => {
    if (refusing) return near.destroy();
    const far = connect({ host: target.hostname, port: Number(target.port) });
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]]) {
      from.on("data", (bytes) => void to.write(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
    if (stalled) for (const socket of pair) socket.pause();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String(server.address().port);

  function each(work) {
    for (const pair of pairs) for (const socket of pair) work(socket);
  }
  return {
    url: through.toString(),
    /** Forwards nothing more and closes nothing, as a firewall that forgot the connection; new connections get no answer either. */
    stall() {
      stalled = true;
      each((socket) => socket.pause());
    },
    /** Closes every connection and takes no new one. */
    cut() {
      refusing = true;
      each((socket) => socket.destroy());
    },
    heal() {
      stalled = false;
      refusing = false;
      each((socket) => socket.resume());
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      each((socket) => socket.destroy());
      await closed;
    },
  };
}
