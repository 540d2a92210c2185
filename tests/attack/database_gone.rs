//! PostgreSQL goes and comes back under a running server: people are told to try again, nothing is half-written, and nobody
//! has to restart anything.

use crate::harness::rp::{identify, sign_in};
use crate::harness::ways::ask;
use crate::harness::{House, SHOP, Visitor, digits, left_out};
use crate::rows::Rows;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PHONE: &str = "+2348031234567";

/// A PostgreSQL server of this test's own, to be stopped and started.
struct Cluster {
    binaries: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// `None` where PostgreSQL is not installed.
    fn make() -> Option<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin"));
        let binaries = versions.filter(|folder| folder.join("initdb").exists()).max()?;
        let folder = tempfile::tempdir().expect("a folder");
        if root() {
            assert!(Command::new("chown").arg("nobody:nogroup").arg(folder.path()).status().expect("chown").success());
        }
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        let cluster = Self { binaries, folder, port, server: None };
        let mut initdb = cluster.command("initdb");
        initdb.args(["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
        assert!(initdb.status().expect("initdb").success());
        Some(cluster)
    }

    /// PostgreSQL refuses to run as root; then it runs as nobody.
    fn command(&self, program: &str) -> Command {
        let program = self.binaries.join(program);
        let mut command = if root() { Command::new("setpriv") } else { Command::new(&program) };
        if root() {
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(&program);
        }
        command.arg("-D").arg(self.folder.path().join("data")).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn start(&mut self) {
        let mut postgres = self.command("postgres");
        postgres.arg("-k").arg(self.folder.path()).args([
            "-p",
            &self.port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]);
        self.server = Some(postgres.spawn().expect("postgres"));
    }

    /// As a power cut would: no goodbye to anybody.
    fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop(Command::new("kill").args(["-QUIT", &server.id().to_string()]).status());
            drop(server.wait());
        }
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    async fn answers(&self) {
        for _ in 0..300 {
            if sqlx::PgPool::connect(&self.url()).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("PostgreSQL does not answer");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// A house whose database can be taken away.
async fn house(settings: &[(&str, &str)]) -> Option<(Cluster, House)> {
    let Some(mut cluster) = Cluster::make() else {
        left_out("PostgreSQL: no initdb under /usr/lib/postgresql");
        return None;
    };
    cluster.start();
    cluster.answers().await;
    let house = House::on(Some(cluster.url()), SHOP, settings).await;
    Some((cluster, house))
}

async fn ready_again(house: &House) {
    for _ in 0..300 {
        if house.machine().get("/health/ready").await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not become ready again");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_apps_are_told_to_try_again_and_then_can() {
    let Some((mut cluster, house)) = house(&[]).await else { return };
    let (shop, mut known) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut known, &["openid", "offline"], "ada@example.com").await;
    let refresh = tokens.refresh_token.expect("offline");
    let silent = known.get(&ask(&[("prompt", "none")])).await;
    // Somebody has the digits before them.
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let identifier_page = page.url.clone();
    let page = identify(&mut visitor, page, PHONE).await;
    let passcode = house.passcode(PHONE).await;
    let (action, _) = page.form("p_confirmation_code");
    house.settle().await;

    cluster.stop();
    let machine = house.machine();
    let open = |mut visitor: Visitor, url: String| async move { visitor.once(reqwest::Method::GET, &url, None).await };
    let pages = tokio::join!(
        open(visitor.clone(), identifier_page.clone()),
        open(visitor.clone(), page.url.clone()),
        open(house.visitor(), ask(&[])),
        open(known.clone(), ask(&[])),
        async {
            visitor.clone().once(reqwest::Method::POST, &action, Some(&[("p_confirmation_code", &passcode)])).await
        },
        async {
            visitor.clone().once(reqwest::Method::POST, &identifier_page, Some(&[("p_phone", "+2348031234568")])).await
        },
    );
    for page in [&pages.0, &pages.1, &pages.2, &pages.3, &pages.4, &pages.5] {
        assert_eq!(page.status, 503, "{}: {}", page.url, page.text());
        assert!(page.headers.contains_key("retry-after"), "{}", page.url);
        assert!(page.html.contains("<html") && page.headers["x-frame-options"] == "DENY", "{}", page.html);
    }
    let code = silent.code();
    let answers = tokio::join!(
        machine.redeem(&code, &[]),
        machine.refresh(&refresh, &[]),
        machine.userinfo(&tokens.access_token),
        machine.get("/health/ready")
    );
    for answer in [&answers.0, &answers.1, &answers.2] {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.header("retry-after").is_some());
        // A JSON body without tokens is, to some SDKs, the end of the person's session.
        assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")), "{answer:?}");
    }
    assert_eq!((answers.3.status, answers.3.json()["database"].as_bool()), (503, Some(false)));
    for path in
        ["/health/live", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/countries.json?lang=en"]
    {
        assert_eq!(machine.get(path).await.status, 200, "{path}");
    }

    cluster.start();
    ready_again(&house).await;
    // What was waiting goes on where it was: the code unspent, the token unturned, the digits good.
    assert_eq!(machine.redeem(&code, &[]).await.status, 200);
    assert_eq!(machine.refresh(&refresh, &[]).await.status, 200);
    assert_eq!(machine.userinfo(&tokens.access_token).await.status, 200);
    let back = visitor.post(&action, &[("p_confirmation_code", &passcode)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    // Nothing was sent for those who were told to try again.
    assert_eq!(house.sent("+2348031234568").await, 0);
    sign_in(&house, &shop, &mut house.visitor(), &["openid"], "+2348031234568").await;
    whole(&Rows::at(&cluster.url()).await).await;
    house.close_anyway().await;
}

/// What is written in one transaction is there whole or not at all.
async fn whole(rows: &Rows) {
    for (what, sql) in [
        (
            "a challenge without its message",
            "SELECT count(*) FROM challenges c WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.challenge_id = c.id)",
        ),
        (
            "a message without its challenge",
            "SELECT count(*) FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM challenges c WHERE o.challenge_id = c.id)",
        ),
        (
            "a passcode spent and the sign-in still open",
            "SELECT count(*) FROM challenges c JOIN interactions i ON i.id = c.interaction_id WHERE c.spent_at IS NOT NULL AND i.finished_at IS NULL",
        ),
        (
            "a sign-in ended and no passcode spent",
            "SELECT count(*) FROM interactions i WHERE i.finished_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM challenges c WHERE c.interaction_id = i.id AND c.spent_at IS NOT NULL)",
        ),
        (
            "a session without a code",
            "SELECT count(*) FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM grants g WHERE g.session_id = s.id)",
        ),
        (
            "a code without a session",
            "SELECT count(*) FROM grants g WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE g.session_id = s.id)",
        ),
        (
            "an account without an identifier",
            "SELECT count(*) FROM subjects s WHERE NOT EXISTS (SELECT 1 FROM identifiers i WHERE i.subject_id = s.id)",
        ),
        (
            "an identifier without an account",
            "SELECT count(*) FROM identifiers i WHERE NOT EXISTS (SELECT 1 FROM subjects s WHERE i.subject_id = s.id)",
        ),
    ] {
        assert_eq!(rows.number(sql).await, 0, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_in_the_middle_leaves_nothing_half_written() {
    let settings =
        [("passcode.sends_per_ten_minutes", "100"), ("passcode.sends_per_day", "1000"), ("outbox.lease", "1s")];
    let Some((mut cluster, house)) = house(&settings).await else { return };
    let people: Vec<_> = (10..26)
        .map(|n| {
            let (visitor, app) = (house.visitor(), house.app.clone());
            tokio::spawn(async move {
                for turn in 0..3 {
                    persevere(visitor.clone(), &app, &format!("+23480312{n}{turn}67")).await;
                }
            })
        })
        .collect();
    for pause in [150, 400, 250] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        cluster.stop();
        met(&house).await;
        whole_soon(&mut cluster).await;
    }
    for person in people {
        person.await.expect("everybody got in");
    }
    assert!(house.app.metrics.faults.get() > 0, "the database went when nobody was there");
    ready_again(&house).await;
    house.settle().await;
    let rows = Rows::at(&cluster.url()).await;
    whole(&rows).await;
    assert_eq!(rows.count("subjects").await, 48);
    house.close_anyway().await;
}

/// It stays away until somebody has met with it once: one that is back at once is only waited for.
async fn met(house: &House) {
    for _ in 0..300 {
        if house.app.metrics.faults.get() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn whole_soon(cluster: &mut Cluster) {
    cluster.start();
    cluster.answers().await;
    whole(&Rows::at(&cluster.url()).await).await;
}

/// Somebody who tries again whenever told to, until signed in.
async fn persevere(mut visitor: Visitor, app: &countersign::app::App, phone: &str) {
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let page = visitor.get(&ask(&[("prompt", "login")])).await;
        if page.status != 200 {
            continue;
        }
        let asked = visitor.submit(&page, &[("p_phone", phone)]).await;
        if asked.status != 200 {
            continue;
        }
        let interaction = asked.url.clone();
        // The message may have to wait for the database as well. An older sign-in's digits do not count here.
        for _ in 0..80 {
            let newest = app.phone.messages(Some(phone)).into_iter().next().map(|message| digits(&message.text));
            if let Some(passcode) = newest {
                let back = visitor
                    .once(reqwest::Method::POST, &interaction, Some(&[("p_confirmation_code", &passcode)]))
                    .await;
                if back.status.is_redirection() && back.location().contains("code=") {
                    return;
                }
                if back.status == 429 || back.status == 200 {
                    break;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    panic!("{phone} never got in");
}
