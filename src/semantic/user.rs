//! Users.

/// A user and, where it is named, the group: `user[:group]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UserName<'u> {
    /// A name or a number; root where it is empty.
    pub user: &'u str,
    /// A name or a number.
    pub group: Option<&'u str>,
}

impl<'u> UserName<'u> {
    /// Reads the value of a `USER`.
    #[must_use]
    pub fn parse(text: &'u str) -> Self {
        let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
        Self { user, group }
    }

    /// Whether it is root.
    ///
    /// ```
    /// use plimsoll::semantic::UserName;
    ///
    /// assert!(UserName::parse("0:0").is_root());
    /// assert!(!UserName::parse("app").is_root());
    /// ```
    #[must_use]
    pub fn is_root(self) -> bool {
        matches!(self.user, "" | "root") || self.user.bytes().all(|digit| digit == b'0')
    }

    /// Whether the user is a number, which needs no entry in `/etc/passwd`.
    #[must_use]
    pub fn is_number(self) -> bool {
        !self.user.is_empty() && self.user.bytes().all(|byte| byte.is_ascii_digit())
    }
}
