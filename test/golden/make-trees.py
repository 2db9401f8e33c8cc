# Losses of XGBoost and scikit-learn on the table of golden.test.ts: /usr/bin/python3 test/golden/make-trees.py
import numpy as np, xgboost as xgb, json
from sklearn.ensemble import HistGradientBoostingRegressor, HistGradientBoostingClassifier
def lcg(n, state):
    out=np.empty(n)
    for i in range(n):
        state=(state*1664525+1013904223)%4294967296
        out[i]=state/4294967296
    return out,state
N,W=6000,6
u,_=lcg(N*(W+2),1)
u=u.reshape(N,W+2)
X=u[:,:W].copy(); X[u[:,0]<0.1,3]=np.nan
x3=np.where(np.isnan(X[:,3]),1.5,X[:,3])
mean=10*np.sin(np.pi*X[:,0]*X[:,1])+20*(X[:,2]-.5)**2+10*x3+5*X[:,4]
noise=np.sqrt(-2*np.log(1-u[:,W]))*np.cos(2*np.pi*u[:,W+1])
y=mean+noise
count=np.floor(np.exp(mean/8-1)+2*u[:,W+1])
cls=(u[:,W]<1/(1+np.exp(15-mean))).astype(float)
tr,te=slice(0,5000),slice(5000,N)
def x(obj,t,**k):
    s=dict(tree_method='hist',grow_policy='lossguide',max_leaves=31,max_depth=0,max_bin=256,eta=.1,reg_lambda=1,min_child_weight=1,objective=obj,base_score=float(np.mean(t[tr])),nthread=1,**k)
    return xgb.train(s,xgb.DMatrix(X[tr],t[tr]),100).predict(xgb.DMatrix(X[te]))
r={}
r['l2']=float(np.sqrt(np.mean((x('reg:squarederror',y)-y[te])**2)))
p=x('binary:logistic',cls).astype(float); t=cls[te]; r['logistic']=float(-np.mean(np.log(np.where(t==1,p,1-p))))
p=x('count:poisson',count).astype(float); t=count[te]; r['poisson']=float(np.mean(p-t*np.log(p)))
p=x('reg:tweedie',count,tweedie_variance_power=1.5).astype(float); r['tweedie']=float(np.mean(-t*p**-.5/-.5+p**.5/.5))
k=dict(max_iter=100,learning_rate=.1,max_leaf_nodes=31,l2_regularization=1,min_samples_leaf=20,early_stopping=False,random_state=1)
s={}
s['l2']=float(np.sqrt(np.mean((HistGradientBoostingRegressor(**k).fit(X[tr],y[tr]).predict(X[te])-y[te])**2)))
p=HistGradientBoostingClassifier(**k).fit(X[tr],cls[tr]).predict_proba(X[te])[:,1]; t=cls[te]; s['logistic']=float(-np.mean(np.log(np.where(t==1,p,1-p))))
p=HistGradientBoostingRegressor(loss='poisson',**k).fit(X[tr],count[tr]).predict(X[te]); t=count[te]; s['poisson']=float(np.mean(p-t*np.log(p)))
for q in (.1,.5,.9):
    p=HistGradientBoostingRegressor(loss='quantile',quantile=q,**k).fit(X[tr],y[tr]).predict(X[te]); e=y[te]-p; s[f'quantile {q}']=float(np.mean(np.maximum(q*e,(q-1)*e)))
print(json.dumps(dict(xgboost=r,sklearn=s,check=[float(np.mean(y)),float(np.mean(count)),float(np.mean(cls))]),indent=1))
