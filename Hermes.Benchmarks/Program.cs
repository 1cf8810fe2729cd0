using Hermes.Benchmarks;
using Hermes.Benchmarks.Micro;
using Hermes.Benchmarks.Scenarios;
using Hermes.Benchmarks.Serving;

if (BenchmarkOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(BenchmarkOptions.Usage);
    return 2;
}

// The command starts itself again for the server, which has to be a process of its own.
return options.ServedHome is { } home ? await BenchmarkServer.RunAsync(home)
    : options.RunsMicro ? MicroBenchmarks.Run(options)
    : await MeasuredRun.RunAsync(options);
