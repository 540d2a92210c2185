//! Starts and stops the server, and reads what it used from `/proc`.

use super::Failure;
use super::postgres::{directory, free_address};
use super::settings;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SERVER: &str = env!("CARGO_BIN_EXE_countersign");

/// A directory with a configuration, a database with everything declared in it, and two free ports.
pub struct Place {
    dir: PathBuf,
    /// Goes with the place, unless it was asked to stay.
    _gone: Option<tempfile::TempDir>,
    pub issuer: String,
    metrics: String,
    http: reqwest::Client,
}

impl Place {
    /// `more` is put below the settings every run has; `declared` is what `countersign apply` is given.
    pub fn prepare(database_url: Option<String>, more: &str, declared: &str) -> Result<Self, Failure> {
        Self::prepare_at(None, database_url, more, declared)
    }

    /// In a directory that stays, with what a run before left in it, where one is named.
    pub fn prepare_at(
        at: Option<&Path>,
        database_url: Option<String>,
        more: &str,
        declared: &str,
    ) -> Result<Self, Failure> {
        let (dir, gone) = directory("countersign-bench-", at.map(|at| at.join("place")))?;
        let (listen, metrics_listen) = (free_address()?, free_address()?);
        let data = dir.join("data");
        fs::create_dir_all(&data)?;
        let secret = dir.join("secret");
        write_private(&secret, settings::SECRET)?;
        let database_url = database_url.unwrap_or_else(|| settings::sqlite_url(&data));
        let config = settings::config(&listen, &metrics_listen, &data, &database_url, &secret);
        fs::write(dir.join("countersign.toml"), config + more)?;
        fs::write(dir.join("declared.toml"), declared)?;
        let place = Self {
            dir,
            _gone: gone,
            issuer: format!("http://{listen}"),
            metrics: format!("http://{metrics_listen}{}", settings::METRICS),
            http: super::web::client()?,
        };
        place.declare()?;
        Ok(place)
    }

    fn declare(&self) -> Result<(), Failure> {
        let declared = self.dir.join("declared.toml");
        let output = Command::new(SERVER)
            .args(settings::apply_arguments(&self.config(), &declared))
            .current_dir(&self.dir)
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("`countersign apply` failed: {}{said}", String::from_utf8_lossy(&output.stdout)).into())
    }

    /// Runs the command line beside the server: what it said.
    #[allow(dead_code, reason = "not every bench needs it")]
    pub fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output =
            Command::new(SERVER).args(arguments).arg("--config").arg(self.config()).current_dir(&self.dir).output()?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() { Ok(said) } else { Err(format!("{arguments:?} failed: {said}").into()) }
    }

    /// Declares what has to name the issuer, or is too much for one file.
    #[allow(dead_code, reason = "not every bench needs it")]
    pub fn declare_also(&self, text: &str) -> Result<(), Failure> {
        let file = self.dir.join("also.toml");
        fs::write(&file, text)?;
        self.run(&["apply", &file.display().to_string()]).map(drop)
    }

    /// How long the server takes to be ready, in milliseconds, sorted. The first start makes the keys and is not counted.
    pub async fn ready_times(&self, starts: usize) -> Result<Vec<f64>, Failure> {
        Server::start(self).await?.0.stop().await?;
        let mut times = Vec::new();
        for _ in 0..starts {
            let (server, ready) = Server::start(self).await?;
            times.push(ready.as_secs_f64() * 1000.0);
            server.stop().await?;
        }
        times.sort_by(f64::total_cmp);
        Ok(times)
    }

    /// All SQL statements the server has run so far, over all labels.
    pub async fn sql_statements(&self) -> Result<f64, Failure> {
        let text = self.http.get(&self.metrics).send().await?.error_for_status()?.text().await?;
        let of_one_label = |line: &str| {
            let rest = line.strip_prefix(settings::STATEMENTS)?;
            let value = rest.strip_prefix(' ').or_else(|| rest.split_once("} ").map(|(_, value)| value))?;
            value.split(' ').next()?.parse::<f64>().ok()
        };
        let counts: Vec<f64> = text.lines().filter_map(of_one_label).collect();
        if counts.is_empty() {
            return Err(format!("{} has no {}", self.metrics, settings::STATEMENTS).into());
        }
        Ok(counts.iter().sum())
    }

    /// The end of what the server logged, for an error message.
    pub fn log_tail(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn config(&self) -> PathBuf {
        self.dir.join("countersign.toml")
    }

    fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }
}

/// The running server. It is killed when dropped.
pub struct Server(Child);

pub struct Memory {
    /// In MiB, now and at its highest.
    pub resident: f64,
    pub peak: f64,
}

impl Server {
    /// Starts the server and waits until it is ready; says how long that took.
    pub async fn start(place: &Place) -> Result<(Self, Duration), Failure> {
        let log = fs::File::options().create(true).append(true).open(place.log())?;
        let started = Instant::now();
        let mut child = Command::new(SERVER)
            .args(settings::serve_arguments(&place.config()))
            .current_dir(&place.dir)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let ready = format!("{}{}", place.issuer, settings::READY);
        loop {
            let answer = place.http.get(&ready).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok((Self(child), started.elapsed()));
            }
            let gone = child.try_wait()?;
            if gone.is_some() || started.elapsed() > Duration::from_secs(30) {
                drop(Self(child));
                return Err(format!("the server did not become ready: {gone:?}\n{}", place.log_tail()).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Asks the server to end and waits for it.
    pub async fn stop(mut self) -> Result<(), Failure> {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status()?;
        let asked = Instant::now();
        while self.0.try_wait()?.is_none() {
            if asked.elapsed() > Duration::from_secs(15) {
                return Err("the server did not end within 15 seconds of SIGTERM".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// CPU seconds so far, user and system, all threads.
    pub fn cpu(&self) -> Result<f64, Failure> {
        cpu_of(&self.0.id().to_string())
    }

    pub fn memory(&self) -> Result<Memory, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let mib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
        };
        let (resident, peak) = mib("VmRSS:").zip(mib("VmHWM:")).ok_or("/proc/<pid>/status has another form")?;
        Ok(Memory { resident, peak })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already; either way there is nothing left to do.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// CPU seconds of a process so far, by its id or `self`.
pub fn cpu_of(process: &str) -> Result<f64, Failure> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, after_name) = stat.rsplit_once(") ").ok_or("/proc/<pid>/stat has another form")?;
    // After the name come state (3), …, utime (14), stime (15).
    let ticks: u64 = after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(ticks as f64 / ticks_per_second()?)
}

/// CPU seconds this thread has run.
pub fn thread_cpu() -> Result<f64, Failure> {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = schedstat.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

fn ticks_per_second() -> Result<f64, Failure> {
    let output = Command::new("getconf").arg("CLK_TCK").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(text.as_bytes())?;
    Ok(())
}
