//! The OpenID Foundation's conformance suite, module by module and by its names, so that a failure reads like the suite's report.

mod backchannel_logout;
mod client_auth;
mod dynamic;
mod fapi2_tokens;
mod frontchannel_logout;
mod oidcc_basic_tokens;
mod rp_initiated_logout;
mod third_party_init_login;
