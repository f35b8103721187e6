/*
 * Loaded before the program (node --require): makes one call of the file system or of sockets fail, the one whose number
 * FAULT_AT names, and writes to FAULT_LOG what was called. Only files below FAULT_ROOT count, as the program's own do not.
 */
const original = { ...require("node:fs") };
const fs = require("node:fs");
const promises = require("node:fs/promises");
const net = require("node:net");
const tls = require("node:tls");
const dgram = require("node:dgram");
const { resolve } = require("node:path");

const { FAULT_AT, FAULT_LOG, FAULT_ROOT } = process.env;
const descriptors = new Set();
let calls = 0;
let isLogging = false;

/** Counts a call; throws in place of the one that is to fail. */
function called(name) {
  // Writing the log calls the same functions.
  if (isLogging) return;
  calls += 1;
  isLogging = true;
  original.writeFileSync(FAULT_LOG, `${name}\n`, { flag: "a" });
  isLogging = false;
  if (String(calls) !== FAULT_AT) return;
  throw Object.assign(new Error(`EIO: i/o error, ${name}`), { code: "EIO", errno: -5, syscall: name });
}

const isOurs = (path) => typeof path === "string" && resolve(path).startsWith(FAULT_ROOT);

for (const name of [
  "openSync",
  "mkdirSync",
  "renameSync",
  "statSync",
  "lstatSync",
  "readFileSync",
  "accessSync",
  "unlinkSync",
  "realpathSync",
]) {
  fs[name] = Object.assign((path, ...rest) => {
    const isCounted = isOurs(path);
    if (isCounted) called(name);
    const result = original[name](path, ...rest);
    if (name === "openSync" && isCounted) descriptors.add(result);
    return result;
  }, original[name]);
}
for (const name of ["writeSync", "fsyncSync", "closeSync", "fchmodSync", "readSync", "fstatSync"]) {
  fs[name] = (descriptor, ...rest) => {
    const isCounted = descriptors.has(descriptor);
    if (name === "closeSync") descriptors.delete(descriptor);
    // A failed close has closed the descriptor nevertheless, as on Linux.
    const result = name === "closeSync" || !isCounted ? original[name](descriptor, ...rest) : undefined;
    if (isCounted) called(name);
    return isCounted && name !== "closeSync" ? original[name](descriptor, ...rest) : result;
  };
}

for (const name of ["realpath", "stat", "readdir", "readFile"]) {
  const real = promises[name];
  promises[name] = async (path, ...rest) => {
    if (isOurs(path)) called(`promises.${name}`);
    return real(path, ...rest);
  };
}
const open = promises.open;
promises.open = async (path, ...rest) => {
  if (!isOurs(path)) return open(path, ...rest);
  called("promises.open");
  const handle = await open(path, ...rest);
  for (const name of ["stat", "read"]) {
    const method = handle[name].bind(handle);
    handle[name] = async (...args) => {
      called(`handle.${name}`);
      return method(...args);
    };
  }
  const stream = handle.createReadStream.bind(handle);
  handle.createReadStream = (...args) => {
    called("handle.createReadStream");
    return stream(...args);
  };
  return handle;
};

for (const [module, names] of [
  [net, ["connect", "createConnection"]],
  [dgram, ["createSocket"]],
  [tls, ["connect"]],
]) {
  for (const name of names) {
    const real = module[name];
    module[name] = (...args) => {
      called(module === tls ? `tls.${name}` : name);
      return real(...args);
    };
  }
}
const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...args) {
  called("send");
  return send.apply(this, args);
};
