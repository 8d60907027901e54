"""From a LLaVA checkpoint with a <SEG> token to a `llava-seg` model pack (docs/packs.md) and its fixtures."""
