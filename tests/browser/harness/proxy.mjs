// A proxy between browser and server that can be slow, stand still, lose answers, or break the connection.
import net from 'node:net';
import { once } from 'node:events';

export class Proxy {
  constructor(port) {
    this.target = port;
    this.pairs = new Set();
    this.up = true;              // false: connections are closed as soon as they come
    this.rate = Infinity;        // bytes per second towards the server
    this.new_limit = Infinity;   // the limit of hold() for new connections
    this.keep_answers = false;   // true: the server's answers are held back
  }

  async listen() {
    this.server = net.createServer(socket => this.accept(socket));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  accept(browser) {
    if (!this.up) return browser.destroy();
    const server = net.connect(this.target, '127.0.0.1');
    const pair = { browser, server, sent: 0, limit: this.new_limit };
    this.pairs.add(pair);
    const close = () => { this.pairs.delete(pair); browser.destroy(); server.destroy(); };
    for (const socket of [browser, server]) socket.on('error', close).on('close', close);
    server.on('data', data => { if (!this.keep_answers) browser.write(data); });
    browser.on('data', data => this.forward(pair, data));
  }

  forward(pair, data) {
    pair.sent += data.length;
    pair.server.write(data);
    pair.browser.pause();
    const go_on = () => {
      if (pair.browser.destroyed) return;
      if (pair.sent >= pair.limit) return void setTimeout(go_on, 20);
      pair.browser.resume();
    };
    if (this.rate === Infinity) go_on();
    else setTimeout(go_on, (data.length / this.rate) * 1000);
  }

  // Each connection lets this many more bytes through to the server, and then stands still.
  hold(bytes) {
    this.new_limit = bytes;
    for (const pair of this.pairs) pair.limit = pair.sent + bytes;
  }

  // Connections that stand still stay so; new ones do not stand still.
  let_new_ones_through() {
    this.new_limit = Infinity;
  }

  // Breaks every connection now, and new ones too until mend().
  cut() {
    this.up = false;
    for (const { browser, server } of [...this.pairs]) {
      browser.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  mend() {
    Object.assign(this, { up: true, rate: Infinity, keep_answers: false });
    this.hold(Infinity);
  }

  async close() {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}
