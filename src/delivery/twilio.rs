//! What Twilio Messaging and Verify share: the account, error codes and their classes, the signature of callbacks.
