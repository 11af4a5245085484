using System.CommandLine;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Tests;

/// <summary>Every option of every verb that takes a value, found in the tree of verbs: a new one is held to it as well.</summary>
public sealed class MissingValueTests
{
    public static TheoryData<string, string, bool> OptionsWithAValue
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (
                var (verb, option) in Verbs(FFCommand.Parse([]).RootCommandResult.Command, [])
                    .SelectMany(verb =>
                        verb.Command.Options.Where(option => option.Arity.MinimumNumberOfValues > 0).Select(option => (verb, option))
                    )
            )
            {
                data.Add(
                    string.Join(' ', verb.Words),
                    option.Name,
                    option.ValueType == typeof(string) || option.ValueType == typeof(string[])
                );
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OptionsWithAValue))]
    public void An_option_is_not_another_ones_value(string verb, string option, bool isText)
    {
        foreach (string[] rest in new string[][] { [], [""], ["--help"], [option, "x"], [$"{option}=x"] })
        {
            var wrong = UsageError.Of(FFCommand.Parse([.. verb.Split(' '), option, .. rest]));

            Assert.StartsWith($"{option} needs a value", wrong, StringComparison.Ordinal);
            Assert.EndsWith(".", wrong, StringComparison.Ordinal);
        }

        Assert.StartsWith(
            $"{option} needs a value",
            UsageError.Of(FFCommand.Parse([.. verb.Split(' '), $"{option}="])),
            StringComparison.Ordinal
        );
        Assert.Equal(
            isText,
            UsageError
                .Of(FFCommand.Parse([.. verb.Split(' '), option, "-7"]))
                ?.StartsWith($"{option} needs a value", StringComparison.Ordinal)
                ?? false
        );
    }

    [Fact]
    public void The_tree_has_the_options_that_users_met_it_with() =>
        Assert.Superset(
            new HashSet<(string, string)>
            {
                ("train", "--out"),
                ("train", "--name"),
                ("train", "--set"),
                ("export", "-o"),
                ("bench step", "--set"),
                ("cluster certs", "--for"),
                ("runs show", "--cluster"),
            },
            OptionsWithAValue.Select(row => ((string)row[0], (string)row[1])).ToHashSet()
        );

    [Theory]
    [InlineData("train --out --json", "--out needs a value (DIR), but the option --json follows it.")]
    [InlineData("train --name --seed 5 supervised", "--name needs a value (NAME), but the option --seed follows it.")]
    [InlineData("train --set epochs=3 --set --json", "--set needs a value (path=value), but the option --json follows it.")]
    [InlineData(
        "train --name -n",
        "--name needs a value (NAME), but what follows begins with a dash, as options do: write --name=-n where it is meant."
    )]
    [InlineData("train --seed --json", "--seed needs a value (N), but the option --json follows it.")]
    [InlineData("train --seed -1", "--seed is '-1', expected a whole number from 0 to 2147483647.")]
    [InlineData("runs --cluster --json show x", "--cluster needs a value (HOST:PORT), but the option --json follows it.")]
    public void It_is_said_in_one_sentence(string words, string sentence) =>
        Assert.Equal(sentence, UsageError.Of(FFCommand.Parse(words.Split(' '))));

    [Theory]
    [InlineData("train --name=-n")]
    [InlineData("train --out=--json")]
    [InlineData("train --out - --set epochs=-1 --set=seed=3 --name a=b")]
    public void A_value_that_is_given_as_one_is_left_to_its_own_checks(string words) =>
        Assert.Null(UsageError.Of(FFCommand.Parse(words.Split(' '))));

    private static IEnumerable<(string[] Words, Command Command)> Verbs(Command command, string[] words) =>
        command.Subcommands.SelectMany(verb => Verbs(verb, [.. words, verb.Name])).Append((words, command));
}
