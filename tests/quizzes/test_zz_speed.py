import time, tracemalloc
from datetime import timedelta
import pytest
from django.db import connection
from django.utils import timezone
from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.regrading.preview import make_preview
from quizzes.regrading.actions import apply_regrade, continue_regrade
from tests.quizzes.factories import PersonFactory, QuestionFactory, QuizFactory
from tests.quizzes.regrading.steps import plan_for
from importlib import import_module
from django.apps import apps
from quizzes.attempts.guards import ensure_guards
pytestmark = pytest.mark.django_db
M = import_module("quizzes.attempts.migrations.0005_state_machine")

def rate(attempt, n=1500):
    best=1e9
    for _r in range(5):
        t=time.perf_counter()
        for k in range(n):
            save_answer(attempt=attempt, position=k%20+1, sent={"answer":["ab"[k%2]]})
        best=min(best,time.perf_counter()-t)
    return best/n*1e6

def test_saving():
    a=start_attempt(taker=PersonFactory(), quiz=QuizFactory(size=20))
    rate(a,200)
    w1=rate(a)
    e=connection.SchemaEditorClass(connection, atomic=False); e.deferred_sql=[]
    M.remove(apps,e)
    wo=rate(a)
    M.install(apps,e); ensure_guards()
    w2=rate(a)
    print(f"\n{connection.vendor} save with {w1:.0f} / {w2:.0f} us, without {wo:.0f} us, ratio {min(w1,w2)/wo:.3f}")

def test_handin():
    qz=QuizFactory(size=20)
    ps=[PersonFactory() for _ in range(80)]
    at=[]
    for p in ps:
        a=start_attempt(taker=p,quiz=qz)
        for k in range(1,21): save_answer(attempt=a,position=k,sent={"answer":["ab"[k%2]]})
        at.append(a)
    t=time.perf_counter()
    for a in at: submit_attempt(attempt=a)
    print(f"\n{connection.vendor} hand-in {(time.perf_counter()-t)/80*1e3:.2f} ms")

def test_regrade():
    q=QuestionFactory(); others=QuestionFactory.create_batch(19)
    quiz=QuizFactory(questions=[q,*others]); N=5000
    from django.contrib.auth import get_user_model
    U=get_user_model()
    us=[]
    for k in range(N):
        u=U(full_name=f"Người {k}",email=f"r{k}@vidu.example"); 
        if hasattr(u,'derive'): u.derive()
        us.append(u)
    us=U.objects.bulk_create(us)
    now=timezone.now()
    ats=Attempt.objects.bulk_create([Attempt(taker=u,quiz=quiz,number=1,started_at=now,pass_percent=70,state="graded",submitted_at=now,points=13,max_points=20,percent=65,passed=False,receipt=f"BN-{k}",gradings=1) for k,u in enumerate(us)],batch_size=1000)
    vs=[x.current_version_id for x in (q,*others)]
    AttemptItem.objects.bulk_create([AttemptItem(attempt=a,position=p,version_id=v,kind="single",points=1,option_order=list("abcd"),answer=["b" if p<=7 else "a"],saved_at=now,closed=True,earned=0 if p<=7 else 1) for a in ats for p,v in enumerate(vs,1)],batch_size=2000)
    if connection.vendor=="postgresql":
        with connection.cursor() as c: c.execute("ANALYZE")
    plan=plan_for(q,"key",right=["b"])
    t=time.perf_counter(); pv=make_preview(plan); t1=time.perf_counter()-t
    tracemalloc.start(); make_preview(plan); peak=tracemalloc.get_traced_memory()[1]; tracemalloc.stop()
    done=apply_regrade(plan=plan,seen=pv.seen,by=PersonFactory(is_staff=True))
    t=time.perf_counter()
    while continue_regrade(pk=done.pk): pass
    t2=time.perf_counter()-t
    done.refresh_from_db()
    print(f"\n{connection.vendor} preview {t1:.2f}s peak {peak/1e6:.1f} MB; apply {t2:.2f}s; {pv.changed} {pv.gained} {done.changed} {done.gained}")
