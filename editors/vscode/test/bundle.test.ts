// What is packed, with the language client that is packed with it, and the server itself.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const extension = join(__dirname, '..', '..');
const project = join(extension, '..', '..');
const bundle = join(extension, 'dist', 'extension.js');
const program = [process.env['PLIMSOLL'], join(project, 'target/release/plimsoll'), join(project, 'target/debug/plimsoll')]
    .filter((path) => path !== undefined)
    .find((path) => existsSync(path));

/** Something of the editor that takes whatever is asked of it: it can be called, made, and looked into. */
function anything(): unknown {
    const known = new Map<PropertyKey, unknown>();
    return new Proxy(function () {}, {
        get(target, name) {
            if (name === 'then') {
                return undefined;
            }
            if (name === Symbol.toPrimitive) {
                return () => '';
            }
            if (name === 'prototype') {
                return target.prototype;
            }
            if (name === Symbol.iterator) {
                return function* () {};
            }
            if (!known.has(name)) {
                known.set(name, anything());
            }
            return known.get(name);
        },
        apply: () => anything(),
        construct: () => anything() as object,
    });
}

/** As much of the editor as the language client needs to start a server. */
function editor(log: string[]): Record<string, unknown> {
    const types = readFileSync(require.resolve('@types/vscode/index.d.ts'), 'utf8');
    const names = [...types.matchAll(/^\t?export (?:class|enum|namespace|const|function) (\w+)/gm)].map((match) => match[1]);
    const all = Object.fromEntries(names.map((name) => [name, anything()]));
    const nothing = { dispose: () => undefined };
    const over = (own: object) => new Proxy(own, { get: (target, name) => Reflect.get(target, name) ?? Reflect.get(all, name) ?? anything() });
    return {
        ...all,
        version: '1.82.0',
        Disposable: class {
            static from = () => nothing;
            dispose(): void {}
        },
        EventEmitter: class {
            event = () => nothing;
            fire(): void {}
            dispose(): void {}
        },
        CancellationError: class extends Error {},
        env: over({ appName: 'Visual Studio Code', language: 'en' }),
        workspace: over({
            getConfiguration: () => ({ get: (_: string, otherwise: unknown) => otherwise }),
            workspaceFolders: null,
            textDocuments: [],
            notebookDocuments: [],
        }),
        window: over({
            createOutputChannel: () => ({ ...nothing, append() {}, appendLine: (line: string) => log.push(line), show() {} }),
            showErrorMessage: async (message: string) => void log.push(message),
            visibleTextEditors: [],
        }),
        commands: over({ registerCommand: () => nothing }),
    };
}

const missing = [
    [bundle, 'npm run compile'],
    [program ?? '', 'cargo build'],
].find(([path]) => !existsSync(path ?? ''));

test('starts the server and stops it', { skip: missing !== undefined && `run \`${missing[1]}\` first` }, async () => {
    const log: string[] = [];
    const stub = editor(log);
    const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
    const load = loader._load.bind(loader);
    loader._load = (request, ...rest) => (request === 'vscode' ? stub : load(request, ...rest));
    process.env['PATH'] = dirname(program ?? '');
    const { activate, deactivate } = require(bundle) as typeof import('../src/extension');
    await activate({ subscriptions: [] } as never);
    await deactivate();
    assert.deepEqual(log, [`The language server is ${program}`]);
});
