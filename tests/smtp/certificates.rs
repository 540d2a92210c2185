//! A CA of the tests' own and a certificate for `localhost`, made when they are needed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Certificates {
    pub folder: tempfile::TempDir,
}

impl Certificates {
    pub fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        let ca = ["req", "-x509", "-days", "2", "-subj", "/CN=Tests", "-keyout", "ca.key", "-out", "ca.pem"];
        let usage = ["-addext", "keyUsage=critical,keyCertSign"];
        openssl(folder.path(), &[&ca[..], &key, &usage].concat());
        let request = ["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"];
        openssl(folder.path(), &[&request[..], &key].concat());
        std::fs::write(folder.path().join("names"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
            .expect("writes");
        openssl(
            folder.path(),
            &[
                "x509",
                "-req",
                "-in",
                "server.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                "names",
                "-out",
                "server.pem",
            ],
        );
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let mut openssl = Command::new("openssl");
    openssl.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(openssl.status().expect("openssl").success(), "openssl {arguments:?}");
}
