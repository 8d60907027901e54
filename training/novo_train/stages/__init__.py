"""The training programs: python -m novo_train.stages.NAME --config configs/novo-mini.toml --out DIR."""
