//! For tests: what the guarded client refuses without a call, and how answers are read.

use super::*;
use crate::domain::carrier::CarrierKind;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that answers everybody alike, and counts who came.
struct Door(SocketAddr, Arc<AtomicUsize>);

impl Door {
    fn open(host: &str, answer: impl AsRef<[u8]> + Send + 'static) -> Option<Self> {
        let listener = TcpListener::bind((host, 0)).ok()?;
        let door = Self(listener.local_addr().ok()?, Arc::default());
        let came = Arc::clone(&door.1);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                came.fetch_add(1, Ordering::SeqCst);
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                    head.push(byte[0]);
                }
                drop(stream.write_all(answer.as_ref()));
            }
        });
        Some(door)
    }

    fn on_v4(answer: impl AsRef<[u8]> + Send + 'static) -> Self {
        Self::open("127.0.0.1", answer).expect("a port")
    }

    /// Nobody came before us: who did would have been counted first.
    fn assert_untouched(&self) {
        let mut stream = TcpStream::connect(self.0).expect("connects");
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("writes");
        drop(stream.read_to_end(&mut Vec::new()));
        assert_eq!(self.1.load(Ordering::SeqCst), 1);
    }
}

fn carrier(allow_private: bool, base: Option<String>) -> CarrierWeb {
    let kind = CarrierKind::DevPhone;
    let carrier = Carrier { allow_private, base_url: base, timeout_seconds: 1, ..Carrier::new("them", kind) };
    Web::new().expect("a client").of(&carrier)
}

async fn get(web: &CarrierWeb, url: &str) -> Result<Answer, NoAnswer> {
    web.ask(web.to(Method::GET, url)).await
}

/// One that may stand at a private address, and does.
async fn answered(answer: String) -> Result<Answer, NoAnswer> {
    get(&carrier(true, None), &format!("http://{}/", Door::on_v4(answer).0)).await
}

#[track_caller]
fn refused(answer: Result<Answer, NoAnswer>, why: &str) {
    let told = matches!(&answer, Err(NoAnswer::NotSent(what)) if what.contains("allow_private = true"));
    assert!(told, "{why}: {:?}", answer.map(|answer| answer.status));
}

#[tokio::test]
async fn private_addresses_are_refused_and_not_called() {
    let web = carrier(false, None);
    refused(get(&web, "https://169.254.169.254/latest/meta-data").await, "a cloud's own");
    for (listens, hosts) in [
        ("127.0.0.1", &["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"][..]),
        ("::1", &["[::1]", "localhost", "[0:0:0:0:0:0:0:1]"]),
    ] {
        // Not every machine has IPv6; then it has nobody to call there.
        let Some(door) = Door::open(listens, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") else { continue };
        for host in hosts {
            for scheme in ["https", "http"] {
                let base = format!("{scheme}://{host}:{}", door.0.port());
                refused(get(&web, &base).await, &base);
                let based = carrier(false, Some(base.clone()));
                refused(based.ask(based.request(Method::POST, "https://usual.example", "/")).await, &base);
            }
        }
        door.assert_untouched();
    }
}

#[tokio::test]
async fn where_it_is_allowed_the_answer_is_read() {
    let door = Door::on_v4("HTTP/1.1 201 Created\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}");
    for host in ["127.0.0.1", "localhost"] {
        let answer = get(&carrier(true, None), &format!("http://{host}:{}/", door.0.port())).await;
        let answer = answer.unwrap_or_else(|none| panic!("{host}: {none:?}"));
        assert_eq!((answer.status.as_u16(), answer.json()["a"].as_u64()), (201, Some(1)));
    }
}

/// In a process of its own, whose environment names one.
#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let proxy = Door::on_v4("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    let (_, module) = module_path!().split_once("::").expect("a crate");
    let mut again = std::process::Command::new(std::env::current_exe().expect("this program"));
    again.args(["--exact", &format!("{module}::where_it_is_allowed_the_answer_is_read")]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, format!("http://{}", proxy.0));
    }
    let output = again.env_remove("NO_PROXY").env_remove("no_proxy").output().expect("runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    proxy.assert_untouched();
}

#[tokio::test]
async fn redirects_are_answers_and_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let other = Door::on_v4("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        let to = format!("HTTP/1.1 {status} Moved\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n", other.0);
        assert_eq!(answered(to).await.map(|answer| answer.status.as_u16()).ok(), Some(status));
        other.assert_untouched();
    }
}

#[tokio::test]
async fn an_answer_may_be_so_large_and_no_larger() {
    let answer = |status: &str, length: usize| {
        let body = "x".repeat(length);
        [
            format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}"),
            format!("HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"),
            format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n{body}"),
        ]
    };
    for whole in answer("200 OK", LARGEST_ANSWER) {
        assert_eq!(answered(whole).await.map(|answer| answer.body.len()).ok(), Some(LARGEST_ANSWER));
    }
    for large in answer("200 OK", LARGEST_ANSWER + 1) {
        assert!(matches!(answered(large).await, Err(NoAnswer::Unknown(what)) if what.contains("too large")));
    }
    for large in answer("400 Bad Request", LARGEST_ANSWER + 1) {
        assert!(matches!(answered(large).await, Err(NoAnswer::NotSent(what)) if what.contains("too large")));
    }
}

#[tokio::test]
async fn when_to_come_back_is_read() {
    for (given, seconds) in
        [("7", Some(7)), ("0", Some(0)), ("86400", Some(600)), ("-1", None), ("Sat, 21 Nov 2026 12:00:00 GMT", None)]
    {
        let busy = format!("HTTP/1.1 429 Too Many\r\nRetry-After: {given}\r\nContent-Length: 0\r\n\r\n");
        let answer = answered(busy).await.unwrap_or_else(|none| panic!("{given}: {none:?}"));
        assert_eq!(answer.retry_after, seconds.map(Duration::from_secs), "{given}");
        let failed = answer.failed(429, "too many");
        assert_eq!((failed.class, failed.retry_after), (Class::Busy, answer.retry_after));
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_told_from_what_did_not() {
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let none = get(&carrier(true, None), &format!("http://{gone}/secret")).await;
    assert!(matches!(none, Err(NoAnswer::NotSent(what)) if !what.contains("secret")));
    for cut in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
        assert!(matches!(answered(cut.to_owned()).await, Err(NoAnswer::Unknown(_))), "{cut}");
    }
    // Nobody accepts: it is connected all the same, and waits.
    let deaf = TcpListener::bind("127.0.0.1:0").expect("a port");
    let none = get(&carrier(true, None), &format!("http://{}/secret", deaf.local_addr().expect("bound"))).await;
    assert!(matches!(none, Err(NoAnswer::Unknown(what)) if what == "no answer in time"));
}

#[tokio::test]
async fn applications_addresses_are_public_and_https_unless_others_are_allowed() {
    let web = Web::new().expect("a client");
    let door = Door::on_v4("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let port = door.0.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "10.0.0.1", "169.254.169.254"] {
        for scheme in ["https", "http"] {
            let url = format!("{scheme}://{host}:{port}/");
            assert!(web.fetch(&url, 1000).await.is_err(), "{url}");
            assert!(web.post_form(&url, &[("a", "b")]).await.is_err(), "{url}");
        }
    }
    for odd in ["http://example.com/", "file:///etc/passwd", "https://me:pass@example.com/", "jwks", ""] {
        assert!(web.fetch(odd, 1000).await.is_err(), "{odd}");
    }
    door.assert_untouched();
}

/// One that may stand at a private address, and answers so.
async fn fetched(answer: String) -> Result<Fetched, String> {
    let web = Web::reaching(true, None).expect("a client");
    web.fetch(&format!("http://{}/keys", Door::on_v4(answer).0), 10).await
}

#[tokio::test]
async fn what_is_fetched_is_small_and_comes_with_how_long_it_keeps() {
    for (header, kept) in [
        ("", None),
        ("Cache-Control: public, max-age=300\r\n", Some(300)),
        ("Cache-Control: max-age=300\r\nAge: 100\r\n", Some(200)),
        ("Cache-Control: max-age=5\r\nAge: 100\r\n", Some(0)),
        ("Cache-Control: no-store\r\n", Some(0)),
        ("Cache-Control: max-age=x\r\n", None),
    ] {
        let answer = format!(
            "HTTP/1.1 200 OK\r\n{header}Content-Type: Application/JSON; charset=x\r\nContent-Length: 10\r\n\r\n0123456789"
        );
        let fetched = fetched(answer).await.unwrap_or_else(|none| panic!("{header}: {none}"));
        assert_eq!(fetched.max_age, kept.map(Duration::from_secs), "{header}");
        let read = (fetched.status, fetched.media_type.as_str(), fetched.body.as_slice());
        assert_eq!(read, (200, "application/json", &b"0123456789"[..]));
    }
    let large = fetched("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789x".into()).await;
    assert!(large.is_err_and(|what| what.contains("too large")));
    let other = Door::on_v4("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n", other.0);
    assert_eq!(fetched(moved).await.map(|fetched| fetched.status), Ok(302));
    other.assert_untouched();
}

#[test]
fn authorities_that_cannot_be_read_are_told() {
    let none = Web::reaching(false, Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    assert!(none.is_err());
}
