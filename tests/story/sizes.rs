//! What is too large is refused before it is read: seen over a bare socket, as no honest client would send it.

use crate::harness::ways::{ask, signed_in};
use crate::harness::{House, both};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The status line's number. A server that refuses may stop reading: what cannot be written any more is let go.
pub async fn status(house: &House, request: &[u8]) -> u16 {
    let address = house.issuer.strip_prefix("http://").expect("http");
    let stream = TcpStream::connect(address).await.expect("connects");
    let (mut from, mut to) = stream.into_split();
    let request = request.to_vec();
    // The half that writes stays open: whoever hangs up is not answered.
    let writing = tokio::spawn(async move {
        drop(to.write_all(&request).await);
        to
    });
    let mut head = vec![0; 64];
    let read = tokio::time::timeout(Duration::from_secs(5), from.read(&mut head)).await.expect("soon").expect("reads");
    drop(writing);
    let line = String::from_utf8_lossy(&head[..read]).into_owned();
    line.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no status in {line:?}"))
}

fn post_head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    )
}

both!(addresses_headers_and_bodies_have_bounds, async |engine| {
    let house = House::open(engine).await;
    let get = |target: &str, more: &str| format!("GET {target} HTTP/1.1\r\nHost: x\r\n{more}\r\n").into_bytes();
    let target = |length: usize| format!("/oauth2/auth?x={}", "y".repeat(length - 15));
    for (length, answer) in [(8_192, 400), (8_193, 414), (20_000, 414), (60_000, 414), (100_000, 414)] {
        assert_eq!(status(&house, &get(&target(length), "")).await, answer, "an address of {length}");
    }
    // Larger than what is read at all: the same refusal by another number.
    assert_eq!(status(&house, &get(&target(1_000_000), "")).await, 431);
    // Three pieces, so that no single header is remarkable; `host: x` and the line's end are nine bytes more.
    let headers = |whole: usize| {
        let each = (whole - 9) / 3;
        (1..4).map(|n| format!("x-{n}: {}\r\n", "y".repeat(each - 7))).collect::<String>()
    };
    for (whole, answer) in [(16_300, 200), (16_500, 431), (40_000, 431), (900_000, 431)] {
        assert_eq!(status(&house, &get("/health/live", &headers(whole))).await, answer, "headers of {whole}");
    }
    let many: String = (0..101).map(|n| format!("x-{n}: y\r\n")).collect();
    assert_eq!(status(&house, &get("/health/live", &many)).await, 431, "a hundred and one headers");
    let post = |path: &str, length: usize, body: usize| {
        let head = post_head(path, length);
        [head.into_bytes(), vec![b'x'; body]].concat()
    };
    for path in [
        "/oauth2/token",
        "/oauth2/par",
        "/oauth2/revoke",
        "/oauth2/userinfo",
        "/oauth2/auth",
        "/sign-in",
        "/passcode",
        "/logout",
    ] {
        assert_ne!(status(&house, &post(path, 65_536, 65_536)).await, 413, "{path}");
        // Told by its length alone, before a byte of it came.
        assert_eq!(status(&house, &post(path, 65_537, 0)).await, 413, "{path}");
        assert_eq!(status(&house, &post(path, 10_000_000_000, 0)).await, 413, "{path}");
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        let chunk = [b"4000\r\n".to_vec(), vec![b'x'; 0x4000], b"\r\n".to_vec()].concat();
        let chunked = [head.into_bytes(), chunk.repeat(5), b"0\r\n\r\n".to_vec()].concat();
        assert_eq!(status(&house, &chunked).await, 413, "{path}, in pieces");
    }
    // Whoever sends what fits is served, before and after.
    signed_in(&mut house.visitor(), &[]).await.code();
    house.close().await;
});

both!(a_posted_request_may_be_longer_than_an_address, async |engine| {
    let house = House::open(engine).await;
    let nonce = "n".repeat(8_000);
    let url = ask(&[("nonce", &nonce), ("login_hint", &"x".repeat(400))]);
    assert_eq!(house.visitor().get(&url).await.status, 414);
    let query = url.split_once('?').expect("a query").1.to_owned();
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(house.visitor().post("/oauth2/auth", &fields).await.asks_who());
    house.close().await;
});

/// Everything is sent, however little is wanted of it, and only then is the answer read.
async fn send_all(house: &House, length: usize, body: usize) -> std::io::Result<String> {
    let address = house.issuer.strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(post_head("/oauth2/par", length).as_bytes()).await?;
    for piece in vec![b'x'; body].chunks(100_000) {
        // As slowly as a phone far from a mast.
        tokio::time::sleep(Duration::from_millis(20)).await;
        stream.write_all(piece).await?;
    }
    let mut answer = vec![0; 64];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await??;
    Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
}

both!(whoever_sends_too_much_still_hears_why_it_is_refused, async |engine| {
    let house = House::open(engine).await;
    let heard = send_all(&house, 1_500_000, 1_500_000).await.expect("is heard out");
    assert!(heard.starts_with("HTTP/1.1 413"), "{heard:?}");
    // But not forever.
    let endless = send_all(&house, 1_000_000_000, 20_000_000).await;
    assert!(endless.is_err(), "{endless:?}");
    house.close().await;
});
