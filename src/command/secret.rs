//! The installation's secret: from the environment or a file; in the demo made once, readable by its owner alone.

use crate::config::Config;
use crate::crypto::secret::Secret;
use crate::entropy::Entropy;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

pub fn read(config: &Config) -> Result<Secret, Vec<String>> {
    let usual = config.data_dir.join("secret");
    let path = config.secret_file.clone().or_else(|| usual.exists().then_some(usual));
    let text = match (&config.secret, &path) {
        (Some(secret), _) => secret.clone(),
        (None, Some(path)) => read_file(path)?,
        (None, None) => return Err(vec!["secret or secret_file: needed, 32 characters or more, the same on every node; for example `openssl rand -base64 48 > secret`".into()]),
    };
    Secret::new(text.trim().as_bytes()).map_err(|error| vec![format!("secret: {error}")])
}

fn read_file(path: &Path) -> Result<String, Vec<String>> {
    let told = |error: std::io::Error| vec![format!("secret_file {}: {error}", path.display())];
    let mode = std::fs::metadata(path).map_err(told)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!("{} can be read by others: chmod 600 it", path.display());
    }
    std::fs::read_to_string(path).map_err(told)
}

/// Makes `data_dir/secret` if nothing is there. Two that start at once agree: only one creates it.
pub fn make(config: &Config) -> Result<(), Vec<String>> {
    if config.secret.is_some() || config.secret_file.is_some() {
        return Ok(());
    }
    let told = |error: std::io::Error| vec![format!("data_dir {}: {error}", config.data_dir.display())];
    let path = config.data_dir.join("secret");
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => file.write_all(Entropy.token("").as_bytes()).and_then(|()| file.sync_all()).map_err(told),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(told(error)),
    }
}
