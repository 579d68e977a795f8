//! What `set` switches on and off.

/// Whether something is on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Switch {
    /// It is off.
    #[default]
    Off,
    /// It is on.
    On,
    /// It depends on what is not known.
    Unknown,
}

impl Switch {
    /// Whether it is certainly on.
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }

    /// Whether it is certainly off.
    #[must_use]
    pub const fn is_off(self) -> bool {
        matches!(self, Self::Off)
    }

    /// What holds where two ways meet.
    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Unknown }
    }

    const fn of(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// The options of a shell that change what a script does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Switches {
    /// `set -e`: a command that fails ends the script.
    pub errexit: Switch,
    /// `set -o pipefail`: a pipeline fails where any of its commands does.
    pub pipefail: Switch,
    /// `set -x`: commands are printed.
    pub xtrace: Switch,
    /// `set -u`: a variable that is not set is an error.
    pub nounset: Switch,
    /// `set -f`: `*`, `?` and `[…]` stand for themselves.
    pub noglob: Switch,
}

impl Switches {
    /// Switches as the words of a `set`, or those that start a shell, say.
    pub(super) fn set<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) {
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let on = match word.as_bytes() {
                [b'-', b'-', ..] => {
                    if word == "--" {
                        return;
                    }
                    continue;
                }
                [b'-', _, ..] => true,
                [b'+', _, ..] => false,
                // What follows are arguments of the script, not options.
                _ => return,
            };
            for letter in word.chars().skip(1) {
                match letter {
                    'e' => self.errexit = Switch::of(on),
                    'x' => self.xtrace = Switch::of(on),
                    'u' => self.nounset = Switch::of(on),
                    'f' => self.noglob = Switch::of(on),
                    'o' => match words.next() {
                        Some(name) => self.set_named(name, on),
                        None => return,
                    },
                    _ => {}
                }
            }
        }
    }

    fn set_named(&mut self, name: &str, on: bool) {
        let switch = match name {
            "errexit" => &mut self.errexit,
            "pipefail" => &mut self.pipefail,
            "xtrace" => &mut self.xtrace,
            "nounset" => &mut self.nounset,
            "noglob" => &mut self.noglob,
            _ => return,
        };
        *switch = Switch::of(on);
    }

    /// What holds where two ways meet.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            errexit: self.errexit.or(other.errexit),
            pipefail: self.pipefail.or(other.pipefail),
            xtrace: self.xtrace.or(other.xtrace),
            nounset: self.nounset.or(other.nounset),
            noglob: self.noglob.or(other.noglob),
        }
    }

    /// Nothing is known.
    pub(super) const fn unknown() -> Self {
        let unknown = Switch::Unknown;
        Self { errexit: unknown, pipefail: unknown, xtrace: unknown, nounset: unknown, noglob: unknown }
    }
}
