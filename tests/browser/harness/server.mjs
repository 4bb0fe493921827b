// The real binary as a child process: a free port, a data folder of its own, stopped by its pid.
import { spawn, execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const start_limit = 20_000;
const stop_limit = 20_000;

export function find_binary() {
  const named = process.env.DOSSIER_BINARY;
  const binary = named ? path.resolve(named) : path.join(repository, 'build/release/src/app/dossier');
  try {
    accessSync(binary, constants.X_OK);
    return { binary };
  } catch {
    return { missing: `there is no binary at ${binary}: build the release preset, or name one in DOSSIER_BINARY` };
  }
}

// This process's environment without its DOSSIER_ variables, and with these settings: {'http.idle_time': '2s'} becomes
// DOSSIER_HTTP_IDLE_TIME=2s.
function environment(settings) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DOSSIER_')));
  for (const [name, value] of Object.entries(settings)) env[`DOSSIER_${name.toUpperCase().replaceAll('.', '_')}`] = String(value);
  return env;
}

export class Server {
  constructor(folder) {
    this.folder = folder;
    this.data = path.join(folder, 'data');
    this.log = path.join(folder, 'log');
  }

  async start(settings = {}, args = []) {
    await mkdir(this.folder, { recursive: true });
    const log = await open(this.log, 'a');
    this.process = spawn(find_binary().binary, ['serve', '--listen', '127.0.0.1:0', '--data', this.data, ...args],
      { cwd: this.folder, env: environment(settings), stdio: ['ignore', 'pipe', log.fd] });
    await log.close();
    this.ended = new Promise(resolve => this.process.once('exit', (code, signal) => resolve(code ?? signal)));
    this.url = await this.printed_address();
    this.port = Number(new URL(this.url).port);
    return this;
  }

  printed_address() {
    return new Promise((resolve, reject) => {
      const said = [];
      const fail = async why => reject(new Error(`${why}; it said ${JSON.stringify(said)}\n${await readFile(this.log, 'utf8')}`));
      const timer = setTimeout(() => { this.process.kill('SIGKILL'); fail('no address printed in time'); }, start_limit);
      this.ended.then(code => { clearTimeout(timer); fail(`ended with ${code} before it listened`); });
      readline.createInterface({ input: this.process.stdout }).on('line', line => {
        said.push(line);
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (found) { clearTimeout(timer); resolve(found[0]); }
      });
    });
  }

  // Sends SIGTERM, and fails unless the server ends cleanly.
  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), stop_limit);
    const code = await this.ended;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`ended with ${code} after SIGTERM\n${await readFile(this.log, 'utf8')}`);
  }

  // The report of `dossier doctor --json`.
  doctor() {
    return new Promise((resolve, reject) => {
      execFile(find_binary().binary, ['doctor', '--json', '--data', this.data], { env: environment({}) }, (failure, out, err) => {
        if (failure && failure.code !== 1) return reject(new Error(`doctor: ${failure.message}\n${err}`));
        resolve(JSON.parse(out));
      });
    });
  }

  async api(address, { method = 'GET', body, headers } = {}) {
    const is_form = body instanceof FormData;
    const answer = await fetch(this.url + '/api/v1' + address, {
      method,
      headers: { ...(body && !is_form ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body && !is_form ? JSON.stringify(body) : body,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  // Adds a person through the API, for tests that are not about submitting.
  async add_person(details = {}, files = []) {
    const whole = { name: 'Anna Berg', location: 'Oslo', age: 41, technology: 'C++', ...details };
    if (files.length === 0) return this.api('/people', { method: 'POST', body: whole });
    const form = new FormData();
    for (const [name, value] of Object.entries(whole)) form.append(name, String(value));
    for (const file of files) form.append('file_name', new Blob([file.buffer], { type: file.mimeType }), file.name);
    return this.api('/people', { method: 'POST', body: form });
  }

  async people(query = '') {
    return (await this.api('/people' + query)).items;
  }
}
