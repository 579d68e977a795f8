// What stands for the editor in tests: it notes what the extension asks of it.

import Module from 'node:module';

type Listener<T> = (event: T) => unknown;

class Event<T> {
    private readonly listeners = new Set<Listener<T>>();

    readonly on = (listener: Listener<T>): { dispose(): void } => {
        this.listeners.add(listener);
        return { dispose: () => void this.listeners.delete(listener) };
    };

    async fire(event: T): Promise<void> {
        await Promise.all([...this.listeners].map((listener) => listener(event)));
    }
}

/** A language client that starts nothing. */
export class Client {
    state: 'new' | 'running' | 'stopped' = 'new';

    constructor(
        readonly id: string,
        readonly name: string,
        readonly server: { command: string; args: string[] },
        readonly options: { documentSelector: object[]; initializationOptions: Record<string, unknown> },
    ) {
        editor.clients.push(this);
    }

    async start(): Promise<void> {
        if (editor.failsToStart) {
            throw new Error('it is broken');
        }
        this.state = 'running';
    }

    async dispose(): Promise<void> {
        this.state = 'stopped';
    }
}

export const editor = {
    clients: [] as Client[],
    commands: new Map<string, () => unknown>(),
    executed: [] as unknown[][],
    errors: [] as string[],
    log: [] as string[],
    settings: new Map<string, unknown>(),
    failsToStart: false,
    answer: undefined as string | undefined,
    configurationChanged: new Event<{ affectsConfiguration(name: string): boolean }>(),
    trusted: new Event<void>(),

    reset(): void {
        this.clients = [];
        this.executed = [];
        this.errors = [];
        this.log = [];
        this.settings = new Map();
        this.failsToStart = false;
        this.answer = undefined;
    },

    async set(name: string, value: unknown): Promise<void> {
        this.settings.set(name, value);
        await this.configurationChanged.fire({ affectsConfiguration: (asked) => asked === `plimsoll.${name}` });
    },
};

const vscode = {
    window: {
        createOutputChannel: () => ({
            appendLine: (line: string) => editor.log.push(line),
            show: () => editor.executed.push(['show']),
            dispose: () => undefined,
        }),
        showErrorMessage: async (message: string) => {
            editor.errors.push(message);
            return editor.answer;
        },
    },
    commands: {
        registerCommand: (name: string, command: () => unknown) => {
            editor.commands.set(name, command);
            return { dispose: () => editor.commands.delete(name) };
        },
        executeCommand: async (...command: unknown[]) => void editor.executed.push(command),
    },
    workspace: {
        workspaceFolders: undefined,
        getConfiguration: () => ({ get: (name: string, otherwise?: unknown) => editor.settings.get(name) ?? otherwise }),
        onDidChangeConfiguration: editor.configurationChanged.on,
        onDidGrantWorkspaceTrust: editor.trusted.on,
    },
};

const stubs = new Map<string, unknown>([
    ['vscode', vscode],
    ['vscode-languageclient/node', { LanguageClient: Client }],
]);

interface Loader {
    _load(request: string, ...rest: unknown[]): unknown;
}

const loader = Module as unknown as Loader;
const load = loader._load.bind(loader);
loader._load = (request, ...rest) => stubs.get(request) ?? load(request, ...rest);
