//! What begins on this machine: files, arguments, the socket, the database; and what nodes tell each other.

use serde_json::json;
use streembit_fuzz::gate::{certificate, home};
use streembit_fuzz::identity::{account, node};
use streembit_identity::RecoveryPhrase;

use super::{Outcome, piece, write};

pub(super) fn write_all() -> Outcome<()> {
    files()?;
    requests()?;
    databases()?;
    devices()?;
    nodes()
}

fn files() -> Outcome<()> {
    let backup = json!({
        "phrase": &*RecoveryPhrase::of(&account()).reveal(),
        "name": "Ada",
        "kind": "human",
        "profile": streembit_fuzz::store::backup()?,
    });
    write("backup_content", backup.to_string().as_bytes())?;
    write(
        "config",
        b"bootstrap = []\ndht = \"server\"\nlisten = [\"/ip4/127.0.0.1/tcp/0\"]\nseed = true\n[[network]]\nlink = \"streembit:network/x\"\nlist = \"l.toml\"\n[[thing]]\ndriver = \"virtual\"\nkind = \"lamp\"\nname = \"lamp\"\ntitle = \"Lamp\"\n",
    )?;
    let profile = format!(
        "version = 1\nid = \"{}\"\nkey_store = \"file\"\nname = \"Ada\"\nkind = \"human\"\naccount = \"{}\"\n",
        "a".repeat(26),
        account().id(),
    );
    write("profile", profile.as_bytes())?;
    write("profile", b"version = 2\n")?;
    let keys = data_encoding::BASE32_NOPAD.encode(&[1; 96]);
    write("secrets", format!("streembit-keys-1 {keys}").as_bytes())?;
    write(
        "arguments",
        b"run\n--config\nc.toml\n--listen\n/ip4/127.0.0.1/tcp/0\n--seed",
    )?;
    write(
        "arguments",
        b"--log\ninfo,streembit_node=debug[span{field=1}]\ncall\nmessage_send\n{\"text\":\"a\"}",
    )?;
    write(
        "arguments",
        b"init\n--name\nAda\n--kind\nhub\n--key-store\nfile",
    )?;
    write("arguments", b"td\ncheck\na.json")
}

fn requests() -> Outcome<()> {
    let (peer, node) = (account().id().to_string(), node().id().to_string());
    let url = format!("streembit://{peer}/lamp");
    let all = [
        json!({}),
        json!({ "network": "public", "peer": peer, "text": "hello", "reply_to": null }),
        json!({ "network": "public", "peer": peer, "name": "Bob", "verified": true }),
        json!({ "link": "streembit:invite/x", "name": "Bob", "title": "Lamp", "room": null }),
        json!({ "thing": url, "name": "on", "value": true, "input": 1, "action": "1" }),
        json!({ "network": "public", "limit": 9, "before": 7, "path": "a.toml", "confirm": true }),
        json!({ "name": "Ada", "kind": "human", "key_store": "file", "passphrase": "p", "phrase": "w" }),
        json!({ "peer": peer, "thing": url, "level": "operate", "expires_at": 1, "role": "admin", "node": node }),
    ];
    for arguments in all {
        write("command", arguments.to_string().as_bytes())?;
    }
    let send =
        json!({ "id": 1, "command": "message_send", "arguments": { "peer": peer, "text": "a" } });
    write(
        "control",
        format!("{send}\n{{\"id\":2,\"command\":\"events_subscribe\"}}\n").as_bytes(),
    )?;
    write("control", b"{\"id\":1,\"result\":[]}\n{\"id\":null,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"m\"}}\n{\"event\":{\"type\":\"lagged\"}}")?;
    write(
        "address",
        format!("/ip4/192.0.2.1/udp/4001/quic-v1/p2p/{node}").as_bytes(),
    )?;
    write(
        "address",
        format!("/dns4/example.org/tcp/4001/p2p/{node}").as_bytes(),
    )
}

fn databases() -> Outcome<()> {
    // Something else in the first page, in a later one and in the log; a file that ends early.
    let page = |file: u8, at: u32, bytes: &[u8]| {
        let [_, at @ ..] = at.to_be_bytes();
        piece(&[&[file], &at[..], bytes].concat())
    };
    write("database", &page(0, 20, b"x")?)?;
    write("database", &page(0, 5 * 4096 + 7, b"damage")?)?;
    write("database", &page(1, 4096, &[0; 64])?)?;
    write("database", &page(0, 3 * 4096, b"")?)?;
    write("database", &page(1, 100, b"")?)?;
    for column in 0..streembit_fuzz::store::columns_count() {
        // As a number, as text that is no text, as bytes: whichever the column takes.
        let cells = [
            piece(&[u8::try_from(column)?, 1])?,
            piece(&[u8::try_from(column)?, 2, 0xff])?,
            piece(&[u8::try_from(column)?, 3, 0xff])?,
        ];
        write("rows", &cells.concat())?;
    }
    Ok(())
}

fn devices() -> Outcome<()> {
    write("device", b"\0[[\"on\",true],[\"level\",100],[\"colour\",\"#00ff00\"],[\"fade\",{\"level\":1,\"seconds\":2}]]")?;
    write(
        "device",
        b"\x01[[\"target\",21.5],[\"mode\",\"heat\"],[\"boost\",{\"minutes\":5}]]",
    )?;
    write("device", b"\x02[[\"temperature\",1]]")?;
    write("device", b"\x03[[\"lock\",null],[\"unlock\",{}]]")
}

fn nodes() -> Outcome<()> {
    let list = |items: &[Vec<u8>]| {
        let items: Vec<_> = items.iter().map(|item| item.clone().into()).collect();
        minicbor::to_vec::<Vec<minicbor::bytes::ByteVec>>(items)
    };
    let ledger = home();
    let operations: Vec<_> = ledger
        .operations()
        .map(|(_, operation)| operation.bytes().to_vec())
        .collect();
    let roster = [
        &[0xa3, 0][..],
        &list(&operations)?,
        &[1],
        &list(&[certificate(1)])?,
        &[2],
        &list(&[])?,
    ];
    write("roster", &roster.concat())?;
    for answer in [&[0, 1, 2, 3][..], &[1, 0], &[1, 3], &[1, 9], &[]] {
        let length = u32::try_from(answer.len())?.to_be_bytes();
        write("frame", &[&length, answer].concat())?;
    }
    write("frame", &[0xff; 8])?;
    write("frame", &[0, 0, 0x20, 0, 1])
}
