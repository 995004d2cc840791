//! The app in a real window, with a real Secret Service, used as a person would use it.

mod access;
mod chat;
mod choices;
mod computers;
mod desk;
mod group;
mod login;
mod network;
mod notices;
mod path;
mod practice;
mod profiles;
