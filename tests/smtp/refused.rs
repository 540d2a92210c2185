//! A mail server that will not, cannot or must not be given a mail: counted, and the next carrier takes it.

use crate::certificates::Certificates;
use crate::delivered::{EMAIL, counted};
use crate::harness::rp::identify;
use crate::harness::ways::ask;
use crate::harness::{Engine, House, Page, Visitor, both};
use crate::server::{PASSWORD, Server, USERNAME, declared, declared_alone, with_password};
use countersign::store;

const CREDENTIALS: [&str; 4] = ["--username", USERNAME, "--password", PASSWORD];

async fn asks(house: &House, email: &str) -> (Visitor, Page) {
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, email).await;
    (visitor, page)
}

/// Somebody gets in by the phone, the mail server having answered so, and having got nothing.
async fn falls_to_the_phone(
    engine: Engine,
    server: Option<&Server>,
    declaration: &str,
    email: &str,
    outcome: &'static str,
) {
    let house = House::with(engine, declaration, &[]).await;
    let (mut visitor, page) = asks(&house, email).await;
    let passcode = house.passcode(email).await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    house.settle().await;
    assert_eq!(counted(&house, "mail", outcome), 1);
    assert_eq!((counted(&house, "mail", "accepted"), counted(&house, "phone-page", "accepted")), (0, 1));
    assert_eq!(house.sent(email).await, 1);
    assert_eq!(server.map_or(0, |server| server.mails().len()), 0);
    house.close().await;
}

fn trusting(certificates: &Certificates, security: &str, password: &str) -> String {
    format!(
        "security = \"{security}\"\nca_file = \"{}\"\n{}",
        certificates.path("ca.pem").display(),
        with_password(password)
    )
}

both!(a_wrong_password_falls_to_the_next_carrier, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "starttls", &CREDENTIALS) else { return };
    let declaration = declared(server.port, &trusting(&certificates, "starttls", "another password"));
    falls_to_the_phone(engine, Some(&server), &declaration, EMAIL, "misconfigured").await;
});

both!(a_mailbox_that_takes_none_now_falls_to_the_next_carrier, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "tls", &CREDENTIALS) else { return };
    let declaration = declared(server.port, &trusting(&certificates, "tls", PASSWORD));
    falls_to_the_phone(engine, Some(&server), &declaration, "later@example.com", "busy").await;
});

both!(a_mailbox_that_is_not_there_is_not_asked_for_by_another_carrier, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "tls", &CREDENTIALS) else { return };
    let house = House::with(engine, &declared(server.port, &trusting(&certificates, "tls", PASSWORD)), &[]).await;
    asks(&house, "nobody@example.com").await;
    tried(&house, "unreachable", 1).await;
    assert_eq!(house.sent("nobody@example.com").await, 0);
    assert_eq!((counted(&house, "mail", "unreachable"), server.mails().len()), (1, 0));
    assert!(house.app.health.troubles().is_empty(), "it is nobody's fault");
    house.close().await;
});

both!(a_wrong_password_is_told_to_the_operator_and_not_tried_again, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "starttls", &CREDENTIALS) else { return };
    let settings = trusting(&certificates, "starttls", "another password");
    let house = House::with(engine, &declared_alone(server.port, &settings), &[]).await;
    asks(&house, EMAIL).await;
    tried(&house, "misconfigured", 1).await;
    house.settle().await;
    house.pass(30);
    house.settle().await;
    assert_eq!(counted(&house, "mail", "misconfigured"), 1);
    let troubles = house.app.health.troubles();
    assert!(troubles.iter().any(|one| one.carrier == "mail" && one.text.contains("smtp 535")), "{troubles:?}");
    house.close().await;
});

both!(a_mailbox_that_takes_none_now_is_tried_three_times, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "tls", &CREDENTIALS) else { return };
    let settings = trusting(&certificates, "tls", PASSWORD);
    let house = House::with(engine, &declared_alone(server.port, &settings), &[]).await;
    asks(&house, "later@example.com").await;
    for times in 1..=3 {
        tried(&house, "busy", times).await;
        house.pass(10);
    }
    house.settle().await;
    assert_eq!((counted(&house, "mail", "busy"), server.mails().len()), (3, 0));
    house.close().await;
});

both!(a_certificate_nobody_vouches_for_gets_no_mail, async |engine| {
    let certificates = Certificates::make();
    for security in ["starttls", "tls"] {
        let Some(server) = Server::start(&certificates, 0, security, &CREDENTIALS) else { return };
        let settings = format!("security = \"{security}\"\n{}", with_password(PASSWORD));
        falls_to_the_phone(engine, Some(&server), &declared(server.port, &settings), EMAIL, "busy").await;
        // Vouched for, and for another name.
        let another = declared(server.port, &trusting(&certificates, security, PASSWORD))
            .replace("\"localhost\"", "\"127.0.0.1\"");
        falls_to_the_phone(engine, Some(&server), &another, EMAIL, "busy").await;
    }
});

both!(a_server_without_starttls_gets_no_mail, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "none", &[]) else { return };
    let declaration = declared(server.port, &trusting(&certificates, "starttls", PASSWORD));
    falls_to_the_phone(engine, Some(&server), &declaration, EMAIL, "busy").await;
});

fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
}

both!(a_server_that_is_down_falls_to_the_next_carrier, async |engine| {
    let certificates = Certificates::make();
    let declaration = declared(closed_port(), &trusting(&certificates, "starttls", PASSWORD));
    falls_to_the_phone(engine, None, &declaration, EMAIL, "busy").await;
});

/// Waits until the carrier answered so, this often.
async fn tried(house: &House, outcome: &'static str, times: u64) {
    for _ in 0..600 {
        if counted(house, "mail", outcome) >= times {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it was not tried {times} times");
}

both!(a_server_that_comes_back_is_tried_again, async |engine| {
    let certificates = Certificates::make();
    let port = closed_port();
    let house = House::with(engine, &declared_alone(port, &trusting(&certificates, "tls", PASSWORD)), &[]).await;
    let (mut visitor, page) = asks(&house, EMAIL).await;
    tried(&house, "busy", 1).await;
    let Some(server) = Server::start(&certificates, port, "tls", &CREDENTIALS) else {
        return house.close_anyway().await;
    };
    house.pass(30);
    let mail = server.mail().await;
    let passcode = crate::harness::digits(mail["parts"][0]["text"].as_str().expect("a text"));
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    house.settle().await;
    assert_eq!(server.mails().len(), 1);
    house.close().await;
});

both!(a_server_that_stays_down_is_given_up_and_the_person_can_ask_again, async |engine| {
    let certificates = Certificates::make();
    let port = closed_port();
    let house = House::with(engine, &declared_alone(port, &trusting(&certificates, "tls", PASSWORD)), &[]).await;
    let (mut visitor, page) = asks(&house, EMAIL).await;
    for times in 1..=3 {
        tried(&house, "busy", times).await;
        house.pass(30);
    }
    house.settle().await;
    assert_eq!(counted(&house, "mail", "busy"), 3);
    assert_eq!(store::outbox::count_open(&house.app.db).await.expect("counts"), 0);
    let Some(server) = Server::start(&certificates, port, "tls", &CREDENTIALS) else {
        return house.close_anyway().await;
    };
    assert!(page.html.contains("/passcode/resend"), "{}", page.html);
    let interaction = page.url.split("interaction=").nth(1).expect("an interaction").to_owned();
    let again = visitor.post(&format!("/passcode/resend?interaction={interaction}"), &[]).await;
    assert_eq!(again.status, 200, "{}", again.text());
    let mail = server.mail().await;
    let passcode = crate::harness::digits(mail["parts"][0]["text"].as_str().expect("a text"));
    let back = visitor.submit(&again, &[("p_confirmation_code", &passcode)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    house.close().await;
});
