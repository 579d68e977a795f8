import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';

import { findProgram, type Machine } from '../src/program';

const root = mkdtempSync(join(tmpdir(), 'plimsoll-'));
after(() => rmSync(root, { recursive: true }));

function put(path: string, mode: number): string {
    const file = join(root, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
    chmodSync(file, mode);
    return file;
}

const first = put('first/plimsoll', 0o644);
const second = put('second/plimsoll', 0o755);
const other = put('second/other', 0o755);
const cargo = put('home/.cargo/bin/plimsoll', 0o755);

function machine(...directories: string[]): Machine {
    return { platform: 'linux', environment: { PATH: directories.join(delimiter) }, home: join(root, 'home') };
}

const here = machine('', 'relative', join(root, 'nowhere'), join(first, '..'), join(second, '..'));

const cases: [string, string, Machine, string | RegExp][] = [
    ['the first that can be run', '', here, second],
    ['that of cargo', '', machine(), cargo],
    ['none', '', { ...machine(), home: root }, /cargo install plimsoll/],
    ['a path', other, here, other],
    ['a name', 'other', here, other],
    ['a name that is nowhere', 'nothing', here, /no such program on PATH/],
    ['at home', '~/.cargo/bin/plimsoll', here, cargo],
    ['in the folder', '${workspaceFolder}/second/other', here, other],
    ['white space around it', ` ${other} `, here, other],
    ['no program', first, here, /that is no program/],
    ['a directory', root, here, /that is no program/],
    ['a relative path', './plimsoll', here, /write an absolute path/],
];

for (const [name, setting, on, expected] of cases) {
    test(name, () => {
        const found = findProgram(setting, root, on);
        if (typeof expected === 'string') {
            assert.deepEqual(found, { program: expected });
        } else {
            assert.match('reason' in found ? found.reason : found.program, expected);
        }
    });
}

test('on Windows programs end in .exe', () => {
    const program = put('windows/plimsoll.exe', 0o755);
    const found = findProgram('', undefined, { ...machine(join(program, '..')), platform: 'win32' });
    assert.deepEqual(found, { program });
});
