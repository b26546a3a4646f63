"""How the page looks: no font, picture or script that another host would have to send."""

from __future__ import annotations

FONT = "font-family: system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif;"
TEXT = f"""
:host {{ {FONT} font-size: 1rem; line-height: 1.45; color: #1a1a1a; }}
h1 {{ font-size: 1.6rem; margin: 0.3rem 0; }}
h2 {{ font-size: 1.25rem; margin: 1rem 0 0.3rem; }}
h3 {{ font-size: 1.05rem; margin: 0.6rem 0 0.2rem; }}
p {{ margin: 0.4rem 0; max-width: 46rem; }}
ul {{ margin: 0.3rem 0; padding-left: 1.2rem; }}
img {{ width: 100%; height: auto; display: block; }}
figure {{ margin: 0; }}
.wait {{ color: #505050; }}
a {{ color: #00508c; }}
table {{ border-collapse: collapse; font-size: 0.9rem; width: 100%; }}
caption {{ text-align: left; font-size: 0.85rem; color: #404040; padding: 0.2rem 0; }}
th, td {{ border-bottom: 1px solid #c8c8c8; padding: 0.2rem 0.4rem; text-align: right; }}
th[scope=row] {{ text-align: left; font-weight: 600; }}
pre {{ overflow-x: auto; background: #f3f3f3; padding: 0.5rem; font-size: 0.8rem; }}
summary {{ cursor: pointer; color: #00508c; font-size: 0.9rem; }}
summary:focus-visible, a:focus-visible {{ outline: 3px solid #0072B2; outline-offset: 2px; }}
.links a {{ margin-right: 0.8rem; font-size: 0.9rem; }}
progress {{ width: 100%; max-width: 30rem; height: 0.9rem; }}
.alert {{ border-left: 5px solid #D55E00; background: #fff4ec; padding: 0.4rem 0.8rem; }}
"""
HELP = f"""
:host {{ {FONT} font-size: 0.85rem; color: #303030; }}
summary {{ cursor: pointer; color: #00508c; }}
summary:focus-visible {{ outline: 3px solid #0072B2; outline-offset: 2px; }}
p {{ margin: 0.2rem 0 0.4rem; }}
"""
CHOICE = f"""
:host, label, select {{ {FONT} font-size: 1rem; }}
select {{ min-height: 2.6rem; color: #1a1a1a; }}
select:focus-visible {{ outline: 3px solid #0072B2; outline-offset: 2px; }}
"""
