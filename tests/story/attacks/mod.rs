//! Attacks on an OpenID Provider, by their numbers; each asserts the answer it gets.

mod clients;
mod consent;
mod device;
mod exchange;
mod kinde;
mod logout;
mod passcodes;
mod registration;
mod requests;
mod tokens;

/// Where attacks are told. That on a person's own page, 50, stands with the other stories of that page.
const FILES: [&str; 11] = [
    include_str!("clients.rs"),
    include_str!("consent.rs"),
    include_str!("device.rs"),
    include_str!("exchange.rs"),
    include_str!("kinde.rs"),
    include_str!("logout.rs"),
    include_str!("passcodes.rs"),
    include_str!("registration.rs"),
    include_str!("requests.rs"),
    include_str!("tokens.rs"),
    include_str!("../kinde/portal.rs"),
];

#[test]
fn every_attack_is_tried_on_both_engines() {
    let tried: Vec<&str> = FILES.iter().flat_map(|file| file.split("both!(").skip(1)).map(str::trim_start).collect();
    let named = |number: &u32| {
        let names = [format!("attack_{number:02}_"), format!("a{number:02}_")];
        tried.iter().any(|test| names.iter().any(|name| test.starts_with(name.as_str())))
    };
    let missing: Vec<u32> = (1..=52).filter(|number| !named(number)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
