import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import { findProgram } from './program';

const SECTION = 'plimsoll';

/** What the server is told. */
const SETTINGS = ['preset', 'select', 'extendSelect', 'ignore', 'configuration', 'context'];

/** What is served, saved or not. Ignore files are known by their names, for editors call them many things. */
const DOCUMENTS = [
    { language: 'dockerfile' },
    { language: 'dockerignore' },
    { scheme: 'file', pattern: '**/{.dockerignore,.containerignore,*.dockerignore,*.containerignore}' },
];

let client: LanguageClient | undefined;
let log: vscode.OutputChannel | undefined;
/** What is being started or stopped: one after the other. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const channel = vscode.window.createOutputChannel('plimsoll');
    log = channel;
    context.subscriptions.push(
        channel,
        vscode.commands.registerCommand(`${SECTION}.restart`, () => inTurn(restart)),
        vscode.commands.registerCommand(`${SECTION}.showLog`, () => channel.show()),
        vscode.workspace.onDidChangeConfiguration(async (change) => {
            // The server asks for the other settings itself.
            if (['path', 'enable'].some((name) => change.affectsConfiguration(`${SECTION}.${name}`))) {
                await inTurn(restart);
            }
        }),
        vscode.workspace.onDidGrantWorkspaceTrust(() => inTurn(restart)),
    );
    await inTurn(start);
}

export async function deactivate(): Promise<void> {
    await inTurn(stop);
}

function inTurn(step: () => Promise<void>): Promise<void> {
    turn = turn.then(step, step);
    return turn;
}

async function restart(): Promise<void> {
    await stop();
    await start();
}

async function stop(): Promise<void> {
    const running = client;
    client = undefined;
    try {
        await running?.dispose();
    } catch (error) {
        log?.appendLine(`The language server did not stop as it should: ${String(error)}`);
    }
}

async function start(): Promise<void> {
    const settings = vscode.workspace.getConfiguration(SECTION);
    if (!settings.get<boolean>('enable', true)) {
        return;
    }
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const found = findProgram(settings.get<string>('path', ''), folder);
    if ('reason' in found) {
        log?.appendLine(found.reason);
        void tell(found.reason);
        return;
    }
    log?.appendLine(`The language server is ${found.program}`);
    const server: ServerOptions = { command: found.program, args: ['server'] };
    const options: LanguageClientOptions = {
        documentSelector: DOCUMENTS,
        initializationOptions: Object.fromEntries(SETTINGS.map((name) => [name, settings.get(name)])),
        ...(log === undefined ? {} : { outputChannel: log }),
    };
    const starting = new LanguageClient(SECTION, 'plimsoll', server, options);
    client = starting;
    try {
        await starting.start();
    } catch (error) {
        const reason = `${found.program} did not start: ${String(error)}`;
        log?.appendLine(reason);
        void tell(reason);
    }
}

/** Says what is wrong, and leads to the settings. It does not wait for somebody to look. */
async function tell(reason: string): Promise<void> {
    const settings = 'Open settings';
    if ((await vscode.window.showErrorMessage(reason, settings)) === settings) {
        await vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.path`);
    }
}
