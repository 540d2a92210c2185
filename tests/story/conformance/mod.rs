//! The OpenID Foundation's conformance suite, module by module and by its names, so that a failure reads like the suite's report.

mod backchannel_logout;
mod client_auth;
mod config;
mod dynamic;
mod fapi2_par;
mod fapi2_tokens;
mod formpost_basic;
mod frontchannel_logout;
mod oidcc_basic_tokens;
mod oidcc_requests;
mod rp_initiated_logout;
mod third_party_init_login;
