'use strict';
// What an environment and the server say to each other: frames of a head (JSON) and a body (bytes), each behind its length.

const LENGTHS = 8;
/** A body up to this size is copied behind its head, which is cheaper than a second write. */
const SMALL = 64 * 1024;

class Frames {
  constructor(socket, onFrame) {
    this.socket = socket;
    this.onFrame = onFrame;
    this.chunks = [];
    this.size = 0;
    this.needed = LENGTHS;
    socket.on('data', (chunk) => this.read(chunk));
  }

  send(head, body) {
    const text = JSON.stringify(head);
    const headLength = Buffer.byteLength(text);
    const bodyLength = body === undefined ? 0 : body.length;
    const copies = bodyLength <= SMALL;
    const frame = Buffer.allocUnsafe(LENGTHS + headLength + (copies ? bodyLength : 0));
    frame.writeUInt32BE(headLength, 0);
    frame.writeUInt32BE(bodyLength, 4);
    frame.utf8Write(text, LENGTHS);
    if (copies && bodyLength > 0) frame.set(body, LENGTHS + headLength);
    this.socket.write(frame);
    if (!copies) this.socket.write(body);
  }

  read(chunk) {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.size >= this.needed) {
      const all = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks, this.size);
      const headEnd = LENGTHS + all.readUInt32BE(0);
      const end = headEnd + all.readUInt32BE(4);
      if (all.length < end) {
        this.chunks = [all];
        this.needed = end;
        return;
      }
      this.chunks = end === all.length ? [] : [all.subarray(end)];
      this.size = all.length - end;
      this.needed = LENGTHS;
      this.onFrame(JSON.parse(all.utf8Slice(LENGTHS, headEnd)), all.subarray(headEnd, end));
    }
  }
}

module.exports = { Frames };
