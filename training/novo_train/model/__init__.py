"""The model: LLaVA with a <SEG> token, Segment Anything's prompt encoder and mask decoder, and what joins them
(paper, section 4).
"""
