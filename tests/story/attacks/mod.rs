//! Attacks on an OpenID Provider, by their numbers; each asserts the answer it gets.

mod clients;
mod consent;
mod device;
mod kinde;
mod logout;
mod passcodes;
mod registration;
mod requests;
mod tokens;
