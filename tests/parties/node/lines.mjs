// One JSON line in says what to do, one out what came of it.
import { createInterface } from "node:readline";

const plain = (value) => (value === undefined ? null : value);

// What a library throws, in a shape that can be compared.
async function told(error) {
  const { name, message, code, status } = error;
  // Where the answer was a challenge, its body is still unread.
  const body = error.response && !error.error ? await error.response.json().catch(() => ({})) : error;
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return { name, message, code, status, cause, error: body.error, error_description: body.error_description };
}

export async function answer(asks) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { ask, ...given } = JSON.parse(line);
    let said;
    try {
      said = { answer: plain(await asks[ask](given)) };
    } catch (error) {
      said = { refused: await told(error) };
    }
    process.stdout.write(JSON.stringify(said) + "\n");
  }
}
