/* The digits that a page trains on: `_static/train_images.js` calls `globalThis.lrlabImages(pack)` with
   them. `book/_ext/train_images.py` makes that file, and says what is in it. */

/* Unpacks them: `{ train, test }`, each with images [n x 784] in [0, 1] and labels [n]. */
export async function decodeImages({ train, test, pixels, greys, packed }) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const content = new Uint8Array(await new Response(inflated).arrayBuffer());
  const count = train + test;
  const labels = content.subarray((count * pixels) / 2);
  const images = new Float32Array(count * pixels);
  for (let i = 0; i < images.length; i += 2) {
    const pair = content[i / 2]; // two greys of four bits
    images[i] = (pair >> 4) / (greys - 1);
    images[i + 1] = (pair & 15) / (greys - 1);
  }
  const part = (from, to) => ({
    images: images.subarray(from * pixels, to * pixels),
    labels: labels.subarray(from, to),
  });
  return { train: part(0, train), test: part(train, count) };
}
