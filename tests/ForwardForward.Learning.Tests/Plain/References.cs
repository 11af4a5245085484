// What the fast code is held against.
global using ReferenceLayer = ForwardForward.Learning.Plain.PlainLayer;
global using ReferenceReadout = ForwardForward.Learning.Plain.PlainReadout;
