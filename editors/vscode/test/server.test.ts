// The server itself, over the connection that the editor uses.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
    CodeActionRequest,
    DiagnosticSeverity,
    DidOpenTextDocumentNotification,
    InitializeRequest,
    InitializedNotification,
    PublishDiagnosticsNotification,
    ShutdownRequest,
    ExitNotification,
    createProtocolConnection,
    type CodeAction,
    type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';

const project = join(__dirname, '..', '..', '..', '..');
const program = [process.env['PLIMSOLL'], join(project, 'target/release/plimsoll'), join(project, 'target/debug/plimsoll')]
    .filter((path) => path !== undefined)
    .find((path) => existsSync(path));

const manifest = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
const settings = Object.fromEntries(
    ['preset', 'select', 'extendSelect', 'ignore', 'configuration', 'context'].map((name) => [name, manifest.contributes.configuration.properties[`plimsoll.${name}`].default]),
);

test('finds what is wrong, and mends it', { skip: program === undefined && 'there is no plimsoll: run `cargo build`' }, async () => {
    const server = spawn(program ?? '', ['server']);
    const ended = new Promise((resolve) => server.on('exit', resolve));
    const connection = createProtocolConnection(server.stdout, server.stdin);
    connection.listen();
    const published = new Promise<PublishDiagnosticsParams>((resolve) =>
        connection.onNotification(PublishDiagnosticsNotification.type, resolve),
    );
    const initialized = await connection.sendRequest(InitializeRequest.type, {
        processId: process.pid,
        rootUri: null,
        capabilities: { textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } } } },
        // As they are where nobody set them.
        initializationOptions: settings,
    });
    assert.equal(initialized.serverInfo?.name, 'plimsoll');
    await connection.sendNotification(InitializedNotification.type, {});

    const uri = 'untitled:Untitled-1';
    const text = 'FROM debian:13\nRUN apt-get update && apt-get install curl # é\n';
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'dockerfile', version: 1, text },
    });
    const { diagnostics } = await published;
    const found = diagnostics.find((diagnostic) => diagnostic.code === 'DL3014');
    assert.ok(found, JSON.stringify(diagnostics));
    assert.equal(found.severity, DiagnosticSeverity.Warning);

    const actions = await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: found.range,
        context: { diagnostics: [found] },
    });
    const fixes = (actions ?? []).filter((action): action is CodeAction => 'edit' in action && action.kind === 'quickfix');
    assert.ok(fixes.length > 0, JSON.stringify(actions));

    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    assert.equal(await ended, 0);
    connection.dispose();
});
