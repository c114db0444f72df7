//! Writes the seeds of each target named into a folder of its name: `seeds <folder> <target>...`.

use std::path::Path;

use hanko_edge_fuzz::seeds::{of_corpora, of_vectors};

fn main() -> std::io::Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, targets @ ..] = arguments.as_slice() else { panic!("usage: seeds <folder> <target>...") };
    for target in targets {
        let folder = Path::new(folder).join(target);
        std::fs::create_dir_all(&folder)?;
        let seeds = of_vectors(target, &repository).into_iter().chain(of_corpora(target, &repository));
        for (number, seed) in seeds.enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
