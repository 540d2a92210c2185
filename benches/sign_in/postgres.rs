//! A PostgreSQL cluster for the time of the run, with PostgreSQL's own defaults: what is committed is on the disk.

use super::Failure;
use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `nobody` and `nogroup` in Debian; PostgreSQL refuses to run as root.
const NOBODY: u32 = 65534;

pub struct Cluster {
    dir: PathBuf,
    /// Goes with the cluster, unless it was asked to stay.
    _gone: Option<tempfile::TempDir>,
    bin: PathBuf,
    port: String,
}

impl Cluster {
    /// In a directory that stays, where one is named; nothing when PostgreSQL is not installed.
    pub fn start(at: Option<&Path>) -> Result<Option<Self>, Failure> {
        let Some(bin) = newest() else {
            return Ok(None);
        };
        let (dir, gone) = directory("countersign-bench-postgres-", at.map(|at| at.join("postgres")))?;
        if is_root()? {
            chown(&dir, Some(NOBODY), Some(NOBODY))?;
        }
        let address = free_address()?;
        let port = address.rsplit(':').next().unwrap_or_default().to_owned();
        let cluster = Self { dir, _gone: gone, bin, port };
        if !cluster.dir.join("data").exists() {
            cluster.run(
                "initdb",
                ["--username=countersign", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"],
            )?;
        }
        let options = format!("-p {} -k {} -c listen_addresses=127.0.0.1", cluster.port, cluster.dir.display());
        let log = cluster.dir.join("log");
        let log = log.to_string_lossy();
        cluster.run("pg_ctl", ["start", "--wait", "--silent", "-l", &log, "-o", &options, "-D"])?;
        Ok(Some(cluster))
    }

    pub fn url(&self) -> String {
        format!("postgres://countersign@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs one of PostgreSQL's programs, with the data directory as its last argument.
    fn run<const N: usize>(&self, program: &str, arguments: [&str; N]) -> Result<(), Failure> {
        let log = self.dir.join(format!("{program}.out"));
        let said = fs::File::create(&log)?;
        let status = as_nobody(&self.bin.join(program))?
            .args(arguments)
            .arg(self.dir.join("data"))
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said)
            .status()?;
        if status.success() {
            return Ok(());
        }
        Err(format!("{program} failed: {}", fs::read_to_string(log).unwrap_or_default()).into())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(failure) = self.run("pg_ctl", ["stop", "--wait", "--silent", "--mode=fast", "-D"]) {
            eprintln!("postgres: {failure}");
        }
    }
}

pub fn installed() -> bool {
    newest().is_some()
}

fn newest() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name().and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok());
    let mut found: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path()).collect();
    found.retain(|path| path.join("bin/initdb").exists());
    found.sort_by_key(|path| version(path));
    Some(found.pop()?.join("bin"))
}

fn as_nobody(program: &Path) -> Result<Command, Failure> {
    if !is_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
    Ok(command)
}

fn is_root() -> Result<bool, Failure> {
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}

/// One that stays, where it is named, or one for the time of the run.
pub fn directory(prefix: &str, stays: Option<PathBuf>) -> Result<(PathBuf, Option<tempfile::TempDir>), Failure> {
    match stays {
        Some(dir) => {
            fs::create_dir_all(&dir)?;
            Ok((dir, None))
        }
        None => {
            let dir = tempfile::Builder::new().prefix(prefix).tempdir()?;
            Ok((dir.path().to_owned(), Some(dir)))
        }
    }
}

/// An address on loopback that was free a moment ago.
pub fn free_address() -> Result<String, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
