//! A PostgreSQL server of the tests' own: made in a temporary folder, gone with the test process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub struct Postgres {
    port: u16,
    made: AtomicU32,
    /// Its input closes when this process ends, however it ends; it then stops the server.
    _shell: Child,
}

/// The server all tests of this process share; `None` where PostgreSQL is not installed.
pub fn server() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    SERVER.get_or_init(|| binaries().map(|folder| start(&folder))).as_ref()
}

fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.into_iter().rev().find(|folder| folder.join("initdb").exists())
}

fn start(binaries: &Path) -> Postgres {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    let folder = std::env::temp_dir().join(format!("countersign-postgres-{}-{port}", std::process::id()));
    // PostgreSQL refuses to run as root; then it runs as nobody.
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    let as_nobody = if root { "setpriv --reuid=nobody --regid=nogroup --clear-groups" } else { "" };
    let script = format!(
        "mkdir -p {folder} && {chown} \
         cd {folder} && {as_nobody} {bin}/initdb -D {folder}/data -U postgres -A trust --no-sync -E UTF8 --locale=C >{folder}/log 2>&1 && \
         {{ {as_nobody} {bin}/postgres -D {folder}/data -k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=400 >>{folder}/log 2>&1 & \
         server=$!; read _ || true; kill -INT $server; wait $server; rm -rf {folder}; }}",
        folder = folder.display(),
        bin = binaries.display(),
        chown = if root { format!("chown nobody:nogroup {} &&", folder.display()) } else { String::new() },
    );
    let shell = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    let server = Postgres { port, made: AtomicU32::new(0), _shell: shell };
    for _ in 0..1_200 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("PostgreSQL did not start: see {}/log", folder.display());
}

impl Postgres {
    /// A new empty database.
    pub async fn database(&self) -> String {
        let name = format!("house_{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name}")).await;
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Runs a statement as the server's owner.
    pub async fn execute(&self, statement: &str) {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        for _ in 0..100 {
            // The port answers a moment before the server does.
            if let Ok(pool) = sqlx::PgPool::connect(&url).await {
                sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&pool).await.expect("runs");
                pool.close().await;
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("PostgreSQL does not answer");
    }
}
