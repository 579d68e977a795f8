// Which program is run.

import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

/** What is known of the machine. */
export interface Machine {
    readonly platform: NodeJS.Platform;
    readonly environment: NodeJS.ProcessEnv;
    readonly home: string;
}

export const thisMachine: Machine = { platform: process.platform, environment: process.env, home: homedir() };

/** The program, or why there is none, in a sentence for people. */
export type Found = { readonly program: string } | { readonly reason: string };

/**
 * The program to run: the one that the settings name, else the first on PATH, else the one that `cargo install` puts into
 * the home directory.
 */
export function findProgram(setting: string, folder: string | undefined, machine: Machine = thisMachine): Found {
    const named = setting.trim();
    if (named !== '') {
        const path = expand(named, folder, machine);
        if (!path.includes('/') && !path.includes('\\')) {
            const found = onPath(path, machine);
            return found === undefined
                ? { reason: `plimsoll.path is set to \`${named}\`, and there is no such program on PATH.` }
                : { program: found };
        }
        if (!isAbsolute(path)) {
            return { reason: `plimsoll.path is set to \`${named}\`: write an absolute path, or begin with \${workspaceFolder}.` };
        }
        return isProgram(path) ? { program: path } : { reason: `plimsoll.path is set to \`${named}\`, and that is no program.` };
    }
    const cargo = join(machine.home, '.cargo', 'bin', programName('plimsoll', machine));
    const found = onPath('plimsoll', machine) ?? (isProgram(cargo) ? cargo : undefined);
    return found === undefined
        ? { reason: 'There is no program `plimsoll` on PATH: install it with `cargo install plimsoll`, or set plimsoll.path.' }
        : { program: found };
}

function expand(path: string, folder: string | undefined, machine: Machine): string {
    if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) {
        return join(machine.home, path.slice(1));
    }
    return folder === undefined ? path : path.replace(/^\$\{workspaceFolder\}/, () => folder);
}

function onPath(name: string, machine: Machine): string | undefined {
    const directories = (machine.environment['PATH'] ?? machine.environment['Path'] ?? '').split(delimiter);
    return directories
        .filter((directory) => isAbsolute(directory))
        .map((directory) => join(directory, programName(name, machine)))
        .find(isProgram);
}

function programName(name: string, machine: Machine): string {
    return machine.platform === 'win32' && !/\.(exe|cmd|bat)$/i.test(name) ? `${name}.exe` : name;
}

function isProgram(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
