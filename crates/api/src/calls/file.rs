//! Commands about files.

use std::path::PathBuf;

use data_encoding::BASE64;
use streembit_node::{MessageRef, Preview};

use crate::{Error, Host, types::*};

pub(crate) async fn send(host: &Host, arguments: FileSend) -> Result<File, Error> {
    let network = arguments.network.map(|network| network.0);
    let path = PathBuf::from(arguments.path);
    let file = host
        .node()?
        .file_send(network, arguments.peer.0, path)
        .await?;
    Ok(file.into())
}

pub(crate) async fn list(host: &Host, arguments: NetworkFilter) -> Result<Vec<File>, Error> {
    let network = arguments.network.map(|network| network.0);
    let files = host.node()?.files_list(network).await?;
    Ok(files.into_iter().map(File::from).collect())
}

pub(crate) async fn accept(host: &Host, arguments: FileAccept) -> Result<File, Error> {
    let file = meant(arguments.id, arguments.network, arguments.peer);
    let path = arguments.path.map(PathBuf::from);
    Ok(host.node()?.file_accept(file, path).await?.into())
}

pub(crate) async fn decline(host: &Host, arguments: FileRef) -> Result<File, Error> {
    let file = meant(arguments.id, arguments.network, arguments.peer);
    Ok(host.node()?.file_decline(file).await?.into())
}

pub(crate) async fn cancel(host: &Host, arguments: FileRef) -> Result<File, Error> {
    let file = meant(arguments.id, arguments.network, arguments.peer);
    Ok(host.node()?.file_cancel(file).await?.into())
}

pub(crate) async fn preview(host: &Host, arguments: FileRef) -> Result<FilePreview, Error> {
    let file = meant(arguments.id, arguments.network, arguments.peer);
    Ok(match host.node()?.file_preview(file).await? {
        Preview::Picture { media, bytes } => FilePreview {
            picture: Some(format!("data:{media};base64,{}", BASE64.encode(&bytes))),
            text: None,
            is_cut: false,
        },
        Preview::Text { text, is_cut } => FilePreview {
            picture: None,
            text: Some(text),
            is_cut,
        },
    })
}

fn meant(id: MessageKey, network: Option<NetworkKey>, peer: Option<Peer>) -> MessageRef {
    MessageRef {
        id: id.0,
        network: network.map(|network| network.0),
        peer: peer.map(|peer| peer.0.into()),
    }
}
