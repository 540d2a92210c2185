//! Told to stop, a node finishes what it began, takes nothing new, and leaves its outbox to the next.

use crate::harness::ways::ask;
use crate::harness::{SHOP, SHOP_SECRET, Visitor, both};
use crate::node::{Place, free_port, passcode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PHONE: &str = "+2348031234567";

both!(running_requests_finish_and_the_outbox_stays, async |engine| {
    let port = free_port();
    let place = Place::new(engine, format!("http://127.0.0.1:{port}")).await;
    place.apply(SHOP);
    let mut node = place.node(port, &[("outbox.deliver", "false")]);
    node.ready().await;
    let mut visitor = Visitor::new(&place.issuer);
    let page = visitor.get(&ask(&[])).await;
    let page = visitor.submit(&page, &[("p_phone", PHONE)]).await;
    // A request whose body is still on its way, and a page that would go on for ever.
    let address = place.issuer.trim_start_matches("http://").to_owned();
    let body = format!("grant_type=refresh_token&refresh_token=x&client_id=shop&client_secret={SHOP_SECRET}");
    let mut slow = TcpStream::connect(&address).await.expect("connects");
    let head = format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).await.expect("writes");
    // The server asks for the body: it has taken the request on.
    let mut begun = [0; 64];
    let read = slow.read(&mut begun).await.expect("reads");
    assert!(String::from_utf8_lossy(&begun[..read]).starts_with("HTTP/1.1 100"));
    let mut live = TcpStream::connect(&address).await.expect("connects");
    live.write_all(format!("GET /dev/phone/live HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes())
        .await
        .expect("writes");
    assert!(live.read(&mut begun).await.expect("reads") > 0);

    node.signal("-TERM");
    while TcpStream::connect(&address).await.is_ok() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    slow.write_all(body.as_bytes()).await.expect("writes");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.expect("an answer to its end");
    assert!(answer.contains("HTTP/1.1 400") && answer.contains("invalid_grant"), "{answer}");
    let status = node.ended().await;
    assert_eq!(status.code(), Some(0), "{}", node.log());
    assert!(!node.log().contains("did not finish in time"), "{}", node.log());

    let mut next = place.node(port, &[]);
    next.ready().await;
    let digits = passcode(&[&next], PHONE).await;
    assert_eq!(next.messages(PHONE).await.len(), 1);
    let back = visitor.submit(&page, &[("p_confirmation_code", &digits)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
});
