// Checks the frozen vectors with sigstore's own log verifier, which knows nothing of Sayso.
const { createPublicKey } = require("crypto");
const { readFileSync, readdirSync } = require("fs");
const { dirname, join } = require("path");

const [folder, modules] = process.argv.slice(2);
const peer = join(modules, "@sigstore", "verify", "dist", "tlog");
const { verifyCheckpoint } = require(join(peer, "checkpoint.js"));
const { verifyMerkleInclusion } = require(join(peer, "merkle.js"));

const [name, id, key] = readFileSync(join(folder, "log.vkeys"), "utf8").split("\n")[0].split("+");
const spki = Buffer.concat([
  Buffer.from("302a300506032b6570032100", "hex"),
  Buffer.from(key, "base64").subarray(1),
]);
const log = {
  logID: Buffer.from(id, "hex"),
  baseURL: name,
  publicKey: createPublicKey({ key: spki, format: "der", type: "spki" }),
};

function entries(raw) {
  const list = [];
  for (let at = 0; at < raw.length; ) {
    const length = raw.readUInt16BE(at);
    list.push(raw.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return list;
}

const all = ["000", "001.p/44"].flatMap((each) =>
  entries(readFileSync(join(folder, "tile", "entries", each))),
);

let held = 0;
let refused = 0;
for (const file of readdirSync(join(folder, "proofs"))) {
  const text = readFileSync(join(folder, "proofs", file), "utf8");
  const gap = text.indexOf("\n\n");
  const [, index, ...hashes] = text.slice(0, gap).split("\n");
  const number = index.slice("index ".length);
  const entry = {
    canonicalizedBody: all[Number(number)],
    inclusionProof: {
      logIndex: number,
      hashes: hashes.map((each) => Buffer.from(each, "base64")),
      checkpoint: { envelope: text.slice(gap + 2) },
    },
  };
  const checkpoint = verifyCheckpoint(entry, [log]);
  verifyMerkleInclusion(entry, checkpoint);
  held += 1;
  try {
    verifyMerkleInclusion({ ...entry, canonicalizedBody: all[7] }, checkpoint);
  } catch {
    refused += 1;
  }
}
console.log(`${held} proofs held, ${refused} of another entry did not`);
