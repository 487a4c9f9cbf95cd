"""Courses taken elsewhere: entered with evidence by the learner, judged by her HR officer.

    draft ──→ waiting ──→ approved ──→ (other hours) approved
      ↑──────────┘ ↑  └──→ returned ←──────┘
                   └─────────┘

She changes what is a draft or was returned, and takes back what waits. Her HR officers judge what
waits, and may judge again what they approved. Nobody judges her own.
"""
