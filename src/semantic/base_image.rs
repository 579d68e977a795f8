//! What is well known of the base images that everybody uses, as of November 2026. Only what has been so for years and in
//! all their tags is written down here; the rest is unknown.

/// What is known of a base image.
#[derive(Debug)]
pub struct BaseImage {
    /// The repositories, without registry and `library/` where they are Docker's own.
    repositories: &'static [&'static str],
    /// The operating system.
    pub system: System,
    /// The working directory.
    pub workdir: Option<&'static str>,
    /// The user; an empty one is root.
    pub user: Option<&'static str>,
    /// The entrypoint; an empty one is none.
    pub entrypoint: Option<&'static [&'static str]>,
    /// The command; an empty one is none.
    pub command: Option<&'static [&'static str]>,
    /// The names of all variables that it sets.
    pub environment: Option<&'static [&'static str]>,
}

/// A family of operating systems.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum System {
    /// Linux, where the default shell is `/bin/sh -c`.
    Linux,
    /// Windows, where the default shell is `cmd /S /C`.
    Windows,
}

const UNKNOWN: BaseImage = BaseImage {
    repositories: &[],
    system: System::Linux,
    workdir: None,
    user: None,
    entrypoint: None,
    command: None,
    environment: None,
};

const ROOT: BaseImage = BaseImage { workdir: Some("/"), user: Some(""), ..UNKNOWN };

/// A distribution: nothing but a shell.
const fn distribution(repositories: &'static [&'static str], command: &'static [&'static str]) -> BaseImage {
    BaseImage { repositories, entrypoint: Some(&[]), command: Some(command), environment: Some(&["PATH"]), ..ROOT }
}

const DOCKER_ENTRYPOINT: Option<&[&str]> = Some(&["docker-entrypoint.sh"]);

static BASE_IMAGES: [BaseImage; 20] = [
    distribution(&["alpine"], &["/bin/sh"]),
    distribution(&["debian"], &["bash"]),
    distribution(&["ubuntu"], &["/bin/bash"]),
    distribution(&["busybox"], &["sh"]),
    distribution(&["amazonlinux"], &["/bin/bash"]),
    BaseImage {
        repositories: &["fedora", "centos", "rockylinux", "almalinux", "oraclelinux"],
        entrypoint: Some(&[]),
        command: Some(&["/bin/bash"]),
        ..ROOT
    },
    BaseImage { repositories: &["node"], entrypoint: DOCKER_ENTRYPOINT, command: Some(&["node"]), ..ROOT },
    BaseImage { repositories: &["python", "rust"], entrypoint: Some(&[]), ..ROOT },
    BaseImage { repositories: &["golang"], entrypoint: Some(&[]), workdir: Some("/go"), ..ROOT },
    BaseImage { repositories: &["ruby"], entrypoint: Some(&[]), command: Some(&["irb"]), ..ROOT },
    BaseImage {
        repositories: &["php"],
        entrypoint: Some(&["docker-php-entrypoint"]),
        workdir: Some("/var/www/html"),
        ..ROOT
    },
    BaseImage {
        repositories: &["nginx"],
        entrypoint: Some(&["/docker-entrypoint.sh"]),
        command: Some(&["nginx", "-g", "daemon off;"]),
        ..ROOT
    },
    BaseImage {
        repositories: &["httpd"],
        entrypoint: Some(&[]),
        command: Some(&["httpd-foreground"]),
        workdir: Some("/usr/local/apache2"),
        ..ROOT
    },
    BaseImage {
        repositories: &["redis"],
        entrypoint: DOCKER_ENTRYPOINT,
        command: Some(&["redis-server"]),
        workdir: Some("/data"),
        ..ROOT
    },
    BaseImage { repositories: &["postgres"], entrypoint: DOCKER_ENTRYPOINT, command: Some(&["postgres"]), ..ROOT },
    BaseImage { repositories: &["mysql", "mariadb"], entrypoint: DOCKER_ENTRYPOINT, ..ROOT },
    BaseImage {
        repositories: &["maven"],
        entrypoint: Some(&["/usr/local/bin/mvn-entrypoint.sh"]),
        command: Some(&["mvn"]),
        ..ROOT
    },
    BaseImage {
        repositories: &["tomcat"],
        entrypoint: Some(&[]),
        command: Some(&["catalina.sh", "run"]),
        workdir: Some("/usr/local/tomcat"),
        ..ROOT
    },
    BaseImage {
        repositories: &[
            "mcr.microsoft.com/windows/nanoserver",
            "mcr.microsoft.com/windows/servercore",
            "mcr.microsoft.com/windows/server",
            "mcr.microsoft.com/windows",
        ],
        system: System::Windows,
        ..UNKNOWN
    },
    BaseImage {
        repositories: &["scratch"],
        workdir: Some("/"),
        user: Some(""),
        entrypoint: Some(&[]),
        command: Some(&[]),
        environment: Some(&["PATH"]),
        ..UNKNOWN
    },
];

/// The repositories of the images of which something is known.
///
/// ```
/// assert!(plimsoll::semantic::well_known_images().any(|name| name == "alpine"));
/// ```
pub fn well_known_images() -> impl Iterator<Item = &'static str> {
    BASE_IMAGES.iter().flat_map(|image| image.repositories).copied()
}

/// What is known of the image that `reference` names.
///
/// ```
/// use plimsoll::semantic::base_image;
///
/// assert_eq!(base_image("docker.io/library/golang:1.25").unwrap().workdir, Some("/go"));
/// assert!(base_image("example.com/golang").is_none());
/// ```
#[must_use]
pub fn base_image(reference: &str) -> Option<&'static BaseImage> {
    let name = reference.split('@').next().unwrap_or_default();
    let after_slash = name.rfind('/').map_or(0, |slash| slash + 1);
    let tag = name.get(after_slash..).and_then(|last| last.find(':')).map_or(name.len(), |colon| after_slash + colon);
    let name = name.get(..tag).unwrap_or_default();
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let image = BASE_IMAGES.iter().find(|image| image.repositories.contains(&name))?;
    // Some Windows images share the repository with Linux ones.
    let is_windows = || reference.contains("windowsservercore") || reference.contains("nanoserver");
    (image.system == System::Windows || !is_windows()).then_some(image)
}
