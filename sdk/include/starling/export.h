// What libstarling.so shows of itself: the classes and functions of the public headers, no more:
// what they hold behind their pointers stays inside.
#pragma once

#if defined(_WIN32)
#if defined(STARLING_BUILDING)
#define STARLING_API __declspec(dllexport)
#else
#define STARLING_API __declspec(dllimport)
#endif
#define STARLING_LOCAL
#else
#define STARLING_API __attribute__((visibility("default")))
#define STARLING_LOCAL __attribute__((visibility("hidden")))
#endif
