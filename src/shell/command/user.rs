//! `useradd`, `adduser` and other commands that make users and groups.

use super::{Flag, Table, switch, value};

const USERADD: &[Flag] = &[
    value(&["-u", "--uid"]),
    value(&["-g", "--gid"]),
    value(&["-G", "--groups"]),
    value(&["-d", "--home-dir", "--home"]),
    value(&["-b", "--base-dir"]),
    value(&["-s", "--shell"]),
    value(&["-c", "--comment"]),
    value(&["-p", "--password"]),
    value(&["-e", "--expiredate"]),
    value(&["-f", "--inactive"]),
    value(&["-k", "--skel"]),
    value(&["-K", "--key"]),
    value(&["-R", "--root"]),
    value(&["-P", "--prefix"]),
    value(&["-Z", "--selinux-user"]),
    switch(&["-m", "--create-home"]),
    switch(&["-M", "--no-create-home"]),
    switch(&["-r", "--system"]),
    switch(&["-l", "--no-log-init"]),
    switch(&["-N", "--no-user-group"]),
    switch(&["-U", "--user-group"]),
    switch(&["-o", "--non-unique"]),
    switch(&["-D", "--defaults"]),
    switch(&["-F", "--add-subids-for-system"]),
];

/// What Debian's `adduser` and busybox's have in common, and what each has alone. `-D` and `-S` are busybox's.
const ADDUSER: &[Flag] = &[
    value(&["-u", "--uid"]),
    value(&["-h", "--home"]),
    value(&["-g", "--gecos", "--comment"]),
    value(&["-s", "--shell"]),
    value(&["-G", "--ingroup"]),
    value(&["-k", "--skel"]),
    value(&["--gid"]),
    value(&["--firstuid"]),
    value(&["--lastuid"]),
    value(&["--conf"]),
    switch(&["-D", "--disabled-password"]),
    switch(&["--disabled-login"]),
    switch(&["-S", "--system"]),
    switch(&["-H", "--no-create-home"]),
    switch(&["--group"]),
    switch(&["--add-extra-groups"]),
    switch(&["--allow-badname", "--allow-bad-names", "--force-badname"]),
    switch(&["--quiet"]),
    switch(&["-q"]),
];

const GROUPADD: &[Flag] = &[
    value(&["-g", "--gid"]),
    value(&["-K", "--key"]),
    value(&["-p", "--password"]),
    value(&["-R", "--root"]),
    value(&["-P", "--prefix"]),
    value(&["-U", "--users"]),
    switch(&["-r", "--system"]),
    switch(&["-f", "--force"]),
    switch(&["-o", "--non-unique"]),
];

pub(super) const TABLES: &[Table] = &[
    Table::simple(&["useradd"], USERADD),
    Table::simple(&["adduser"], ADDUSER),
    Table::simple(&["groupadd"], GROUPADD),
    Table::simple(&["addgroup"], &[value(&["-g", "--gid"]), switch(&["-S", "--system"]), switch(&["--quiet"])]),
    Table::simple(
        &["usermod"],
        &[
            value(&["-u", "--uid"]),
            value(&["-g", "--gid"]),
            value(&["-G", "--groups"]),
            value(&["-d", "--home"]),
            value(&["-s", "--shell"]),
            value(&["-c", "--comment"]),
            value(&["-l", "--login"]),
            value(&["-p", "--password"]),
            value(&["-e", "--expiredate"]),
            value(&["-f", "--inactive"]),
            switch(&["-a", "--append"]),
            switch(&["-m", "--move-home"]),
            switch(&["-o", "--non-unique"]),
            switch(&["-L", "--lock"]),
            switch(&["-U", "--unlock"]),
        ],
    ),
    Table::simple(
        &["chpasswd"],
        &[
            switch(&["-e", "--encrypted"]),
            switch(&["-m", "--md5"]),
            value(&["-c", "--crypt-method"]),
            value(&["-s", "--sha-rounds"]),
            value(&["-R", "--root"]),
        ],
    ),
    Table::simple(
        &["passwd"],
        &[
            switch(&["-d", "--delete"]),
            switch(&["-e", "--expire"]),
            switch(&["-l", "--lock"]),
            switch(&["-u", "--unlock"]),
            switch(&["-q", "--quiet"]),
            switch(&["--stdin"]),
        ],
    ),
];
