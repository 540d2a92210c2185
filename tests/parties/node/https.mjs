// Somebody else's https server: serves documents, and keeps what is posted to it.
import { createServer } from "node:https";
import { answer } from "./lines.mjs";

const posts = [];

await answer({
  async open({ cert, key, documents }) {
    const server = createServer({ cert, key }, async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      if (request.method === "POST") {
        posts.push({ path: request.url, body });
        return response.writeHead(200).end();
      }
      const document = documents[request.url];
      response.writeHead(document ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(document));
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    return server.address().port;
  },

  // What was posted, once there is something; nothing, if that takes too long.
  async heard() {
    for (let waited = 0; waited < 100 && !posts.length; waited++) await new Promise((done) => setTimeout(done, 100));
    return posts;
  },
});
