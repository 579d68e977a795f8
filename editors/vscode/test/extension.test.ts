import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';

import { editor } from './stub';
// After the stub, which stands for what it imports.
import { activate, deactivate } from '../src/extension';

const manifest = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-'));
const program = join(directory, 'plimsoll');
writeFileSync(program, '#!/bin/sh\n');
chmodSync(program, 0o755);

const path = process.env['PATH'];
let subscriptions: { dispose(): unknown }[] = [];

async function activated(): Promise<void> {
    await activate({ subscriptions } as never);
}

beforeEach(() => {
    editor.reset();
    subscriptions = [];
    process.env['PATH'] = directory;
});

afterEach(async () => {
    await deactivate();
    subscriptions.forEach((subscription) => subscription.dispose());
    process.env['PATH'] = path;
});

after(() => rmSync(directory, { recursive: true }));

describe('activation', () => {
    test('starts the program on PATH', async () => {
        editor.settings.set('preset', 'strict').set('context', 'workspace');
        await activated();
        assert.equal(editor.clients.length, 1);
        const [client] = editor.clients;
        assert.deepEqual(client?.server, { command: program, args: ['server'] });
        assert.equal(client?.state, 'running');
        assert.equal(client?.options.initializationOptions['preset'], 'strict');
        assert.equal(client?.options.initializationOptions['context'], 'workspace');
    });

    test('tells where there is no program, and leads to the settings', async () => {
        process.env['PATH'] = '';
        editor.settings.set('path', '/nowhere/plimsoll');
        editor.answer = 'Open settings';
        await activated();
        assert.equal(editor.clients.length, 0);
        assert.match(editor.errors.join(), /plimsoll\.path is set to `\/nowhere\/plimsoll`, and that is no program/);
        await new Promise(setImmediate);
        assert.deepEqual(editor.executed, [['workbench.action.openSettings', 'plimsoll.path']]);
    });

    test('tells where the program does not start', async () => {
        editor.failsToStart = true;
        await activated();
        assert.match(editor.errors.join(), /did not start: Error: it is broken/);
    });

    test('starts nothing where that is not wanted', async () => {
        editor.settings.set('enable', false);
        await activated();
        assert.equal(editor.clients.length, 0);
        await editor.set('enable', true);
        assert.deepEqual(editor.clients.map((client) => client.state), ['running']);
    });

    test('registers the commands that the manifest names', async () => {
        await activated();
        const named = manifest.contributes.commands.map((command: { command: string }) => command.command);
        assert.deepEqual([...editor.commands.keys()].sort(), named.sort());
        await editor.commands.get('plimsoll.showLog')?.();
        assert.deepEqual(editor.executed, [['show']]);
    });
});

describe('afterwards', () => {
    test('another program takes the place of the first', async () => {
        await activated();
        await editor.set('path', program);
        assert.deepEqual(editor.clients.map((client) => client.state), ['stopped', 'running']);
    });

    test('other settings are the matter of the server', async () => {
        await activated();
        await editor.set('preset', 'all');
        assert.deepEqual(editor.clients.map((client) => client.state), ['running']);
    });

    test('restarts however often it is asked to, and leaves one running', async () => {
        await activated();
        await Promise.all([1, 2, 3].map(() => editor.commands.get('plimsoll.restart')?.()));
        assert.deepEqual(editor.clients.map((client) => client.state), ['stopped', 'stopped', 'stopped', 'running']);
    });

    test('a broken start does not keep the next one', async () => {
        editor.failsToStart = true;
        await activated();
        editor.failsToStart = false;
        await editor.trusted.fire();
        assert.equal(editor.clients.at(-1)?.state, 'running');
    });

    test('stops with the editor', async () => {
        await activated();
        await deactivate();
        assert.deepEqual(editor.clients.map((client) => client.state), ['stopped']);
    });
});

test('the manifest activates on what is served, and lists the settings that are read', () => {
    const languages = manifest.contributes.languages.map((language: { id: string }) => language.id);
    for (const language of languages) {
        assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`), language);
    }
    const settings = Object.keys(manifest.contributes.configuration.properties);
    for (const name of ['enable', 'path', 'preset', 'select', 'extendSelect', 'ignore', 'configuration', 'context', 'trace.server']) {
        assert.ok(settings.includes(`plimsoll.${name}`), name);
    }
});
